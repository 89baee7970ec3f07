// Fifty OpenSSH servers on fifty ports of 127.0.0.1, with one host key and one user.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

export interface Hosts extends AsyncDisposable {
  ports: number[];
  user: string;
  privateKey: string;
  keyFile: string;
  /** `SHA256:…` */
  hostKey: string;
  folder: string;
}

export async function startHosts(count: number): Promise<Hosts> {
  await mkdir('/run/sshd', { recursive: true });
  // Below /run: sshd wants every folder above authorized_keys to belong to root.
  const folder = await mkdtemp('/run/tw-bench-');
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const user = `tw${randomBytes(5).toString('hex')}`;
  // Without PAM, sshd takes an account without any password for a locked one.
  execFileSync('useradd', ['--create-home', '--home-dir', path.join(folder, 'home'), '--shell', '/bin/sh', '--password', '*', user], { stdio: 'ignore' });
  made.defer(() => removeUser(user));
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  const config = path.join(folder, 'sshd_config');
  await writeFile(config, configText(folder));
  const ports = await freePorts(count);
  const servers = ports.map((port) => spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config, '-p', String(port)], { stdio: 'ignore' }));
  made.defer(() => endAll(servers));
  await Promise.all(ports.map(whenAnswers));
  const keyFile = path.join(folder, 'user');
  const hostKey =
    execFileSync('ssh-keygen', ['-lf', path.join(folder, 'host.pub')])
      .toString()
      .split(' ')[1] ?? '';
  const cleanUp = made.move();
  return { ports, user, keyFile, privateKey: await readFile(keyFile, 'utf8'), hostKey, folder, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
}

/** Sessions of his outlive the servers: Ansible keeps some. */
async function removeUser(user: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    spawnSync('pkill', ['-KILL', '-u', user]);
    if (spawnSync('userdel', ['--remove', user], { stdio: 'ignore' }).status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function configText(folder: string): string {
  return [
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    'PidFile none',
    `AuthorizedKeysFile ${folder}/user.pub`,
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'MaxStartups 200:30:400',
    'LogLevel QUIET',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n');
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function whenAnswers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket.once('data', () => resolve(socket.destroy()));
      socket.once('error', () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new RangeError(`sshd does not answer on ${port}`);
}

async function endAll(servers: ChildProcess[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      return server.kill() ? ended : undefined;
    }),
  );
}
