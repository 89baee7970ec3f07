// The npm package `kerberos` binds the GSSAPI of the system. It is compiled for the machine, so it is installed by who wants Kerberos and not with Tidewheel.
import { InvalidInput } from '@tidewheel/contract/errors';

/** What of its interface is used (version 7). */
export interface KerberosClient {
  step(challenge: string): Promise<string>;
  contextComplete: boolean;
}
export interface KerberosLibrary {
  initializeClient(service: string, options: { principal?: string; gssFlags?: number }): Promise<KerberosClient>;
}

const packageName = 'kerberos';

/** @throws InvalidInput saying what to install */
export async function loadKerberos(): Promise<KerberosLibrary> {
  try {
    const loaded = (await import(packageName)) as { default?: KerberosLibrary } & KerberosLibrary;
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new InvalidInput('winrm.kerberos_missing', 'This worker cannot sign in by Kerberos: the npm package "kerberos" is not installed on it.', {
      hint: 'Install libkrb5-dev, krb5-user and a C++ compiler, run npm install --no-save kerberos beside Tidewheel, and set up /etc/krb5.conf. Or sign in by NTLM.',
      cause,
    });
  }
}
