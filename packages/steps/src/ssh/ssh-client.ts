// One SSH connection: the host key is compared before any secret leaves, and everything that waits on it ends when it breaks.
import type { Socket } from 'node:net';
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import { connectAllowed } from '@tidewheel/kit/egress/egress';
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { openPrivateKey } from './private-key.ts';
import { connectFailure, placeOf } from './ssh-errors.ts';
import { algorithmOf, fingerprintOf, type SshSecret, type SshTarget } from './ssh-target.ts';

export interface SshConnection {
  client: Client;
  socket: Socket;
  place: string;
  hostKey: string;
  isOpen(): boolean;
  /** `work`, or the error of the connection when that breaks first: some of ssh2's callbacks never come then. */
  guard<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

export interface ConnectOptions {
  target: SshTarget;
  secret: SshSecret | null;
  signal: AbortSignal;
  /** Told the server's key, right or wrong, before anything else is sent. */
  onHostKey?(fingerprint: string, algorithm: string): void;
}

/** Kinds of host keys that a server may have side by side; the two sides agree on one, the pinned one may be another. */
const hostKeyKinds: ServerHostKeyAlgorithm[][] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
];

/** @throws InvalidInput for a wrong host key, key or password (never retried), Unreachable, TimedOut */
export async function connectSsh({ secret, ...others }: ConnectOptions): Promise<SshConnection> {
  const options = { ...others, secret: secret && (await openPrivateKey(secret, others.signal)) };
  try {
    return await connectOnce(options);
  } catch (thrown) {
    if (!isCode(thrown, 'ssh.host_key')) throw thrown;
    return (await connectByOtherKind(options)) ?? Promise.reject(thrown);
  }
}

/** undefined when the server has the pinned key in no kind at all. */
async function connectByOtherKind(options: ConnectOptions): Promise<SshConnection | undefined> {
  for (const kinds of hostKeyKinds) {
    try {
      return await connectOnce(options, kinds);
    } catch (thrown) {
      if (!isCode(thrown, 'ssh.host_key') && !isCode(thrown, 'ssh.algorithms')) throw thrown;
    }
  }
  return undefined;
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof AppError && thrown.code === code;
}

async function connectOnce({ target, secret, signal, onHostKey }: ConnectOptions, kinds?: ServerHostKeyAlgorithm[]): Promise<SshConnection> {
  const place = placeOf(target);
  signal.throwIfAborted();
  const until = performance.now() + target.timeoutSeconds * 1000;
  const socket = await reach(target, signal);
  const client = new ssh2.Client();
  const shown: { key?: Buffer } = {};
  const hostVerifier = (key: Buffer): boolean => {
    shown.key = key;
    const isPinned = fingerprintOf(key) === target.hostKey;
    if (isPinned || !kinds) onHostKey?.(fingerprintOf(key), algorithmOf(key));
    return isPinned;
  };
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const deadline = setTimeout(() => socket.destroy(Object.assign(new Error('timed out'), { level: 'client-timeout' })), until - performance.now());
  try {
    await whenReady(client, socket, { ...connectConfig({ target, secret, hostVerifier }), ...(kinds ? { algorithms: { serverHostKey: kinds } } : {}) });
  } catch (thrown) {
    client.destroy();
    socket.destroy();
    signal.throwIfAborted();
    throw hostKeyFailure(shown.key, target) ?? connectFailure(thrown, place);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
  return watched({ client, socket, place, hostKey: fingerprintOf(shown.key ?? Buffer.alloc(0)) });
}

async function reach(target: SshTarget, signal: AbortSignal): Promise<Socket> {
  try {
    return await connectAllowed({ host: target.host, port: target.port, class: 'host' }, { signal, timeoutMs: target.timeoutSeconds * 1000 });
  } catch (thrown) {
    signal.throwIfAborted();
    throw connectFailure(thrown, placeOf(target));
  }
}

function connectConfig({
  target,
  secret,
  hostVerifier,
}: {
  target: SshTarget;
  secret: SshSecret | null;
  hostVerifier: (key: Buffer) => boolean;
}): ConnectConfig {
  const config: ConnectConfig = {
    username: target.user,
    hostVerifier,
    readyTimeout: target.timeoutSeconds * 1000,
    keepaliveInterval: 10_000,
    keepaliveCountMax: 3,
    tryKeyboard: secret?.password !== undefined,
  };
  if (secret?.password !== undefined) config.password = secret.password;
  if (secret?.privateKey !== undefined) config.privateKey = secret.privateKey;
  return config;
}

function whenReady(client: Client, socket: Socket, config: ConnectConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', reject);
    socket.on('error', reject);
    client.once('close', () => reject(new Error('the server closed the connection')));
    // Servers that ask by PAM instead of by password: the password answers every hidden prompt.
    client.on('keyboard-interactive', (...[, , , prompts, finish]) => finish(prompts.map((prompt) => (prompt.echo ? '' : (config.password ?? '')))));
    client.connect({ ...config, sock: socket });
  });
}

function hostKeyFailure(key: Buffer | undefined, target: SshTarget): AppError | undefined {
  if (!key || fingerprintOf(key) === target.hostKey) return undefined;
  const shown = `${fingerprintOf(key)} (${algorithmOf(key)})`;
  if (target.hostKey === undefined) {
    return new InvalidInput('ssh.host_key_unpinned', `${placeOf(target)} shows the host key ${shown}; none is pinned, so nothing was sent.`, {
      hint: 'Compare it with what the owner of the server says, then enter it as the host key.',
      details: { hostKey: fingerprintOf(key) },
    });
  }
  return new InvalidInput('ssh.host_key', `${placeOf(target)} shows the host key ${shown}, but ${target.hostKey} is pinned. Nothing was sent.`, {
    hint: 'Either the server was set up anew or somebody stands in between: ask its owner before you change the pinned key.',
    details: { hostKey: fingerprintOf(key) },
  });
}

function watched({ client, socket, place, hostKey }: { client: Client; socket: Socket; place: string; hostKey: string }): SshConnection {
  let open = true;
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const end = (cause: unknown) => {
    open = false;
    lost.reject(connectFailure(cause ?? new Error('it was closed'), place));
  };
  client.on('error', end);
  client.on('close', () => end(new Error('the server closed it')));
  socket.on('error', end);
  const close = () => {
    client.end();
    socket.destroySoon();
  };
  return { client, socket, place, hostKey, isOpen: () => open, guard: (work) => Promise.race([work, lost.promise]), close };
}
