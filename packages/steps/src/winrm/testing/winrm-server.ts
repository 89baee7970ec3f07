// Starts winrm-server.py for a test: its own port, user, certificates and folder; gone afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { generate } from 'selfsigned';

const python = '/usr/bin/python3';

/** Why no server can be started here; undefined when one can. */
export const winrmServerMissing: string | undefined = !existsSync('/usr/lib/python3/dist-packages/gssapi')
  ? 'python3-gssapi is not installed'
  : !existsSync('/usr/share/doc/gss-ntlmssp')
    ? 'gss-ntlmssp is not installed'
    : undefined;

export interface WinrmServerOptions {
  host?: string;
  /** As WWW-Authenticate names them. */
  auth?: ('Negotiate' | 'Kerberos' | 'Basic')[];
  tls?: boolean;
  /** Takes client certificates of this authority. */
  clientAuthority?: string;
  allowUnencrypted?: boolean;
  /** How long it lets a request wait for output at most. */
  mostSeconds?: number;
  maxEnvelope?: number;
  maxShells?: number;
  deny?: boolean;
  /** Wants sign-ins bound to a certificate that is not its own. */
  wrongBinding?: boolean;
  damageStored?: boolean;
  damageFetched?: boolean;
  behaviour?: 'redirect' | 'silent' | 'silentLater' | 'bomb' | 'deep' | 'unsealed' | 'loop' | 'damage';
  /** Closes the connection in place of the first answer that has this text. */
  closeOn?: string;
  environment?: Record<string, string>;
}

export interface TestWinrm extends AsyncDisposable {
  port: number;
  user: string;
  password: string;
  domain: string;
  folder: string;
  /** Of the server, PEM and SHA-256; empty without TLS. */
  certificate: string;
  /** What it did so far, in order. */
  did(): Record<string, unknown>[];
  target(settings?: Record<string, unknown>, credential?: Record<string, unknown>): OpenTarget;
}

export async function startWinrm(options: WinrmServerOptions = {}): Promise<TestWinrm> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'tw-winrm-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const { environment = {}, tls: wantsTls = false, ...rest } = options;
  const account = { user: 'operator', domain: 'TIDE', password: `Pw-${randomBytes(9).toString('base64url')}` };
  await writeFile(path.join(folder, 'users'), `${account.domain}:${account.user}:${account.password}\n`);
  const bin = await makePrograms(folder);
  const tls = wantsTls ? await makeCertificate(folder) : undefined;
  await mkdir(path.join(folder, 'work'));
  const settings = { auth: ['Negotiate'], ...rest, ...account, tls, folder: path.join(folder, 'work'), bin };
  const child = spawn(python, [path.join(import.meta.dirname, 'winrm-server.py'), JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NTLM_USER_FILE: path.join(folder, 'users'), ...environment },
  });
  made.defer(() => stop(child));
  const did: Record<string, unknown>[] = [];
  const port = await listen(child, did);
  const cleanUp = made.move();
  return {
    ...account,
    port,
    folder: settings.folder,
    certificate: tls ? await readFile(tls.certificate, 'utf8') : '',
    did: () => did,
    target: (changes = {}, credential = {}) => ({
      id: `target-${port}`,
      name: 'win-1',
      os: 'windows',
      address: options.host ?? '127.0.0.1',
      transport: 'winrm',
      settings: { scheme: wantsTls ? 'https' : 'http', port, connectSeconds: 10, operationSeconds: 5, ...changes },
      credential: {
        type: 'winrm',
        fields: { user: account.user, domain: account.domain, auth: 'ntlm' },
        secret: { password: account.password },
        ...credential,
      },
      via: null,
    }),
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

/** What Windows has and Linux lacks. */
async function makePrograms(folder: string): Promise<string> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  for (const [name, text] of [
    ['ver', 'uname -sr'],
    ['del', 'shift; rm -f "$@"'],
  ] as const) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  return bin;
}

async function makeCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'win.example' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'win.example' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const places = { certificate: path.join(folder, 'server.pem'), key: path.join(folder, 'server.key') };
  await writeFile(places.certificate, made.cert);
  await writeFile(places.key, made.private);
  return places;
}

/** A client's certificate that signs for itself; `file` is its own authority for the server. */
export async function makeClientCertificate(folder: string): Promise<{ certificate: string; privateKey: string; file: string }> {
  const file = path.join(folder, 'client.pem');
  const key = path.join(folder, 'client.key');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=operator', '-keyout', key, '-out', file], {
    stdio: 'ignore',
  });
  return { certificate: await readFile(file, 'utf8'), privateKey: await readFile(key, 'utf8'), file };
}

function listen(child: ChildProcess, did: Record<string, unknown>[]): Promise<number> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the WinRM server ended: ${said}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const event = JSON.parse(line) as Record<string, unknown>;
      if (typeof event.port === 'number') resolve(event.port);
      else did.push(event);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
