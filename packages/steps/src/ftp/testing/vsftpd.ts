// A real FTP server of a test's own: vsftpd from Debian with a user of its own, in clear or under TLS.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';
import { certificateFor } from '../../sql/testing/postgres-server.ts';

const program = '/usr/sbin/vsftpd';

/** Why no server can be started here; undefined when one can. */
export const vsftpdMissing: string | undefined = !existsSync(program)
  ? 'vsftpd is not installed'
  : process.getuid?.() !== 0
    ? 'only root may make the test user'
    : undefined;

export interface TestVsftpd extends AsyncDisposable {
  port: number;
  /** Where the user starts. */
  home: string;
  user: string;
  password: string;
  /** PEM; the certificate is for 127.0.0.1. */
  authority: string;
  config(changes?: Record<string, unknown>): Record<string, unknown>;
}

export async function startVsftpd({ tls = 'off', lines = [] }: { tls?: 'explicit' | 'implicit' | 'off'; lines?: string[] } = {}): Promise<TestVsftpd> {
  // It insists on this empty folder of its own.
  await mkdir('/var/run/vsftpd/empty', { recursive: true });
  const folder = await mkdtemp('/run/tw-ftp-');
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(folder, { recursive: true, force: true }));
  execFileSync('chmod', ['755', folder]);
  const [user, password] = [`twf${randomBytes(4).toString('hex')}`, `Pw-${randomBytes(9).toString('base64url')}`];
  const home = path.join(folder, 'home');
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', user], { stdio: 'ignore' });
  made.defer(() => void execFileSync('userdel', ['--force', user], { stdio: 'ignore' }));
  execFileSync('chpasswd', [], { input: `${user}:${password}` });
  const { key, cert } = certificateFor('127.0.0.1', folder);
  const port = await freePort();
  const file = path.join(folder, 'vsftpd.conf');
  const ssl = [
    'ssl_enable=YES',
    `implicit_ssl=${tls === 'implicit' ? 'YES' : 'NO'}`,
    `rsa_cert_file=${cert}`,
    `rsa_private_key_file=${key}`,
    'force_local_data_ssl=YES',
    'force_local_logins_ssl=YES',
    'require_ssl_reuse=YES',
    'ssl_ciphers=HIGH',
  ];
  const common = [
    'listen=YES',
    'listen_ipv6=NO',
    'listen_address=127.0.0.1',
    `listen_port=${port}`,
    'background=NO',
    'anonymous_enable=NO',
    'local_enable=YES',
    'write_enable=YES',
  ];
  const places = [
    'secure_chroot_dir=/var/run/vsftpd/empty',
    'pam_service_name=vsftpd',
    'seccomp_sandbox=NO',
    'connect_from_port_20=NO',
    'use_localtime=NO',
    'xferlog_enable=NO',
  ];
  await writeFile(file, [...common, ...places, ...(tls === 'off' ? [] : ssl), ...lines, ''].join('\n'));
  const server = spawn(program, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => server.kill('SIGKILL'));
  made.defer(() => end(server));
  await whenOpen(port, server);
  const cleanUp = made.move();
  return {
    port,
    home,
    user,
    password,
    authority: await readFile(cert, 'utf8'),
    config: (changes = {}) => ({ host: '127.0.0.1', port, user, tls, timeoutSeconds: 10, ...changes }),
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

async function whenOpen(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100 && server.exitCode === null; attempt++) {
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket
        .once('data', () => resolve(true))
        .once('connect', () => resolve(true))
        .once('error', () => resolve(false));
      socket.once('close', () => resolve(false)).setTimeout(1000, () => socket.destroy());
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('vsftpd does not answer');
}
