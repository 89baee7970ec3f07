// A host of a test's own as steps see it: a real sshd, opened as the engine would open it.
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import type { TestSshd } from './sshd.ts';

export interface HostOptions {
  settings?: Record<string, unknown>;
  /** Its password when left out; null for no credential. */
  credential?: OpenTarget['credential'];
  via?: OpenTarget | null;
  keepHostKey?: OpenTarget['keepHostKey'];
}

export function hostOf(sshd: TestSshd, { settings = {}, credential, via = null, keepHostKey }: HostOptions = {}): OpenTarget {
  const { host, port, hostKey } = sshd.config();
  return {
    id: `id-${port}`,
    name: `host-${port}`,
    os: 'linux',
    address: host,
    transport: 'ssh',
    settings: { port, hostKey, timeoutSeconds: 10, ...settings },
    credential: credential === undefined ? passwordOf(sshd) : credential,
    via,
    keepHostKey,
  };
}

export function passwordOf({ user }: TestSshd): NonNullable<OpenTarget['credential']> {
  return { type: 'password', fields: { user: user.name }, secret: { password: user.password } };
}

/** A private key of type `ssh`, with an OpenSSH certificate if one is given. */
export function keyOf({ user }: TestSshd, { privateKey = user.privateKey, ...more }: Record<string, string> = {}): NonNullable<OpenTarget['credential']> {
  const { certificate, ...secret } = more;
  return { type: 'ssh', fields: { user: user.name, ...(certificate ? { certificate } : {}) }, secret: { privateKey, ...secret } };
}
