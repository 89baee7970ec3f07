// A real OpenSSH server of a test's own: its own port, host key, users and settings; gone afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';

const program = '/usr/sbin/sshd';

/** Why no server can be started here; undefined when one can. Password users need root. */
export const sshdMissing: string | undefined = !existsSync(program)
  ? 'openssh-server is not installed'
  : process.getuid?.() !== 0
    ? 'only root may make the test users'
    : undefined;

export interface TestUser {
  name: string;
  password: string;
  home: string;
  /** An OpenSSH private key that may sign in as this user. */
  privateKey: string;
  /** An RSA key in PEM form that may sign in too. */
  rsaKey: string;
  /** The ed25519 key under a passphrase. */
  encryptedKey: string;
  passphrase: string;
}

export interface TestSshd extends AsyncDisposable {
  port: number;
  /** `SHA256:…` of its ed25519 key. */
  hostKey: string;
  /** `SHA256:…` of its RSA key. */
  rsaHostKey: string;
  user: TestUser;
  /** Settings of a connection to it, host key pinned. */
  config(changes?: Record<string, unknown>): Record<string, unknown> & { host: string; port: number; user: string; hostKey: string };
  /** What the server logged so far. */
  log(): string;
  /** Kills the server and every session of it, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same key. */
  restart(): Promise<void>;
  /** Starts it again with another ed25519 key; asked a second time, with the first one. */
  changeHostKey(): Promise<void>;
}

export interface SshdOptions {
  /** Lines of sshd_config that go before ours: there the first value of a setting wins. */
  settings?: string[];
  /** The subsystem's command line. */
  sftp?: string;
}

export async function startSshd(options: SshdOptions = {}): Promise<TestSshd> {
  // Below /run, for sshd wants every folder above authorized_keys to belong to root and nobody else to write there.
  await mkdir('/run/sshd', { recursive: true });
  const folder = await mkdtemp('/run/tw-sshd-');
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const user = await makeUser(folder);
  // Also while a command that was cut off still runs for it.
  made.defer(() => void execFileSync('userdel', ['--force', '--remove', user.name], { stdio: 'ignore' }));
  const port = await freePort();
  const hostKey = makeHostKey('ed25519', path.join(folder, 'host'));
  const rsaHostKey = makeHostKey('rsa', path.join(folder, 'host_rsa'));
  await writeFile(path.join(folder, 'sshd_config'), configText({ folder, port, options }));
  const running = new RunningSshd(folder, port);
  made.defer(() => running.stop());
  await running.start();
  const cleanUp = made.move();
  return {
    port,
    hostKey,
    rsaHostKey,
    user,
    config: (changes = {}) => ({ host: '127.0.0.1', port, user: user.name, hostKey, timeoutSeconds: 10, ...changes }),
    log: () => running.output,
    kill: () => running.stop(),
    restart: () => running.start(),
    changeHostKey: async () => {
      await running.stop();
      await swapHostKey(folder);
      await running.start();
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

async function swapHostKey(folder: string): Promise<void> {
  const [own, other] = [path.join(folder, 'host'), path.join(folder, 'other_host')];
  if (!existsSync(other)) makeHostKey('ed25519', other);
  for (const ending of ['', '.pub']) {
    await rename(own + ending, `${own}.old${ending}`);
    await rename(other + ending, own + ending);
    await rename(`${own}.old${ending}`, other + ending);
  }
}

function makeHostKey(type: string, file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  return (
    execFileSync('ssh-keygen', ['-lf', `${file}.pub`])
      .toString()
      .split(' ')[1] ?? ''
  );
}

function configText({ folder, port, options }: { folder: string; port: number; options: SshdOptions }): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `HostKey ${folder}/host_rsa`,
    `PidFile ${folder}/pid`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    ...(options.settings ?? []),
    'UsePAM no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin no',
    'MaxStartups 200:30:400',
    'MaxSessions 100',
    'LogLevel VERBOSE',
    `Subsystem sftp ${options.sftp ?? 'internal-sftp'}`,
    '',
  ].join('\n');
}

async function makeUser(folder: string): Promise<TestUser> {
  const name = `tw${randomBytes(5).toString('hex')}`;
  const home = path.join(folder, 'home');
  const password = `Pw-${randomBytes(9).toString('base64url')}`;
  const passphrase = `Phrase-${randomBytes(6).toString('base64url')}`;
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', name], { stdio: 'ignore' });
  execFileSync('chpasswd', [], { input: `${name}:${password}` });
  const key = path.join(folder, 'user');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const rsa = `${key}_rsa`;
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PEM', '-N', '', '-f', rsa]);
  await writeFile(path.join(folder, 'authorized_keys'), Buffer.concat([await readFile(`${key}.pub`), await readFile(`${rsa}.pub`)]));
  const privateKey = await readFile(key, 'utf8');
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', key]);
  return { name, password, home, privateKey, rsaKey: await readFile(rsa, 'utf8'), encryptedKey: await readFile(key, 'utf8'), passphrase };
}

class RunningSshd {
  readonly #folder: string;
  readonly #port: number;
  #server: ChildProcess | undefined;
  output = '';
  constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  async start(): Promise<void> {
    // -D -e: in the foreground, its log on standard error. A group of its own, so that one kill reaches the sessions too.
    const server = spawn(program, ['-D', '-e', '-f', path.join(this.#folder, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.#server = server;
    // A test run that is cut short must not leave it behind.
    process.once('exit', () => signalOne(server.pid ?? 0, 'SIGKILL'));
    server.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(this.#port)) return;
      if (server.exitCode !== null) throw new Error(`sshd ended: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`sshd does not answer: ${this.output}`);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server?.pid) return;
    this.#server = undefined;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    for (const pid of stopTree(server.pid)) signalOne(pid, 'SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await ended;
  }
}

/** Sessions make themselves a group each. All are halted first, round by round, so that none forks another while the list is made and escapes. */
function stopTree(root: number): number[] {
  let all = [root];
  for (;;) {
    for (const pid of all) signalOne(pid, 'SIGSTOP');
    const now = [root, ...descendants(root)];
    if (now.length === all.length) return all;
    all = now;
  }
}

function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='])
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = table.filter(([, parent]) => parent === pid).map(([child]) => child as number);
  return [...children, ...children.flatMap(descendants)];
}

function signalOne(pid: number, signal: 'SIGKILL' | 'SIGSTOP'): void {
  if (pid <= 1) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.setTimeout(1000, () => resolve(false));
  }).then((is) => is as boolean);
}
