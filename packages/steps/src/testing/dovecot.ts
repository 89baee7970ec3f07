// A real Dovecot of a test's own: one mailbox, IMAP with STARTTLS and with TLS on ports of its own; gone afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';

const program = '/usr/sbin/dovecot';

/** Why no server can be started here; undefined when one can. */
export const dovecotMissing: string | undefined = !existsSync(program)
  ? 'dovecot-imapd is not installed'
  : process.getuid?.() !== 0
    ? 'only root may start it'
    : undefined;

export interface TestDovecot extends AsyncDisposable {
  password: string;
  /** Settings of a connection to it; over TLS unless told otherwise. */
  config(changes?: Record<string, unknown>): Record<string, unknown> & { host: string; port: number };
  /** Puts a message into INBOX. */
  deliver(message: string): Promise<void>;
  doveadm(...line: string[]): string;
}

export async function startDovecot(): Promise<TestDovecot> {
  // Short, for the paths of its sockets have a limit.
  const folder = await mkdtemp('/run/tw-dove-');
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  await chmod(folder, 0o755);
  const [plain, tls] = [await freePort(), await freePort()];
  const password = randomBytes(12).toString('hex');
  const certificate = makeCertificate(folder);
  await mkdir(path.join(folder, 'mail'), { mode: 0o777 });
  await chmod(path.join(folder, 'mail'), 0o777);
  const config = path.join(folder, 'dovecot.conf');
  await writeFile(config, configText({ folder, plain, tls, password }));
  const child = spawn(program, ['-F', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  made.defer(() => ended(child));
  await untilOpen(tls, child);
  const cleanUp = made.move();
  const ca = await readFile(certificate, 'utf8');
  const doveadm = (...line: string[]) => execFileSync('/usr/bin/doveadm', ['-c', config, ...line], { encoding: 'utf8' });
  return {
    password,
    config: (changes = {}) => {
      const port = changes['security'] === undefined || changes['security'] === 'tls' ? tls : plain;
      return { host: '127.0.0.1', port, security: 'tls', user: 'desk', certificateAuthority: ca, timeoutSeconds: 10, ...changes };
    },
    async deliver(message) {
      const file = path.join(folder, `message-${randomBytes(4).toString('hex')}`);
      await writeFile(file, message.replace(/\r?\n/g, '\r\n'));
      execFileSync('/bin/sh', ['-c', `/usr/bin/doveadm -c ${config} save -u desk -m INBOX < ${file}`], { stdio: 'pipe' });
    },
    doveadm,
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

function makeCertificate(folder: string): string {
  const certificate = path.join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', path.join(folder, 'key.pem'), '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], { stdio: 'ignore' });
  return certificate;
}

function configText({ folder, plain, tls, password }: { folder: string; plain: number; tls: number; password: string }): string {
  return `protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/base
state_dir = ${folder}/state
log_path = /dev/stderr
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${plain}
  }
  inet_listener imaps {
    port = ${tls}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  mailbox Archive {
    auto = create
  }
}
`;
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`dovecot did not start:\n${output}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
