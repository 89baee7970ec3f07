// A Kerberos domain of a test's own: a KDC on a free port, one user, the service of this machine.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';

const hasLibrary = (() => {
  try {
    return createRequire(import.meta.url).resolve('kerberos') !== '';
  } catch {
    return false;
  }
})();

/** Why Kerberos cannot be tried here; undefined when it can. The package is compiled for the machine and therefore no part of the installation. */
export const kerberosMissing: string | undefined = !hasLibrary
  ? 'the npm package kerberos is not installed'
  : !existsSync('/usr/sbin/krb5kdc') || !existsSync('/usr/bin/kinit')
    ? 'krb5-kdc and krb5-user are not installed'
    : undefined;

export interface TestKdc extends AsyncDisposable {
  realm: string;
  user: string;
  password: string;
  /** For programs that are to use it. */
  environment: Record<string, string>;
}

export async function startKdc(): Promise<TestKdc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tw-kdc-'));
  const port = await freePort();
  const realm = 'TIDE.TEST';
  const conf = `[libdefaults]
  default_realm = ${realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  ${realm} = {
    kdc = 127.0.0.1:${port}
    kdc_listen = 127.0.0.1:${port}
    kdc_tcp_listen = 127.0.0.1:${port}
    database_name = ${folder}/principal
    key_stash_file = ${folder}/stash
    acl_file = ${folder}/acl
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = FILE:${folder}/kdc.log
`;
  await writeFile(path.join(folder, 'krb5.conf'), conf);
  const environment = {
    KRB5_CONFIG: path.join(folder, 'krb5.conf'),
    KRB5_KDC_PROFILE: path.join(folder, 'krb5.conf'),
    KRB5_KTNAME: path.join(folder, 'keytab'),
  };
  const env = { ...process.env, ...environment };
  const password = 'Tide-and-wheel-1';
  execFileSync('/usr/sbin/kdb5_util', ['create', '-s', '-r', realm, '-P', 'master'], { env, stdio: 'ignore' });
  for (const query of [`addprinc -pw ${password} operator`, 'addprinc -randkey HTTP/localhost', `ktadd -k ${folder}/keytab HTTP/localhost`])
    execFileSync('/usr/sbin/kadmin.local', ['-r', realm, '-q', query], { env, stdio: 'ignore' });
  const kdc = spawn('/usr/sbin/krb5kdc', ['-n', '-r', realm], { env, stdio: 'ignore' });
  await answering(port);
  return {
    realm,
    user: 'operator',
    password,
    environment,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => kdc.once('exit', resolve));
      kdc.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the KDC does not answer');
}
