// One SSH connection: the host key is compared before any secret leaves, and everything that waits on it ends when it breaks.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { AppError, InvalidInput, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { connectAllowed } from '@tidewheel/kit/egress/egress';
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { checkCertificateOf, openPrivateKey } from './private-key.ts';
import { signInWithCertificate } from './ssh-certificate.ts';
import { connectFailure, placeOf } from './ssh-errors.ts';
import { algorithmOf, fingerprintOf, type SshSignIn, type SshTarget } from './ssh-target.ts';

export interface SshConnection {
  client: Client;
  place: string;
  hostKey: string;
  isOpen(): boolean;
  /** `work`, or the error of the connection when that breaks first: some of ssh2's callbacks never come then. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** What `send` writes leaves as one piece: each write of its own wakes the other side. */
  together(send: () => void): void;
  /** Bytes that came from the other side so far. */
  received(): number;
  /** Whether an open connection keeps the process alive. */
  hold(isHeld: boolean): void;
  close(): void;
  /** At once, with whatever is under way. */
  destroy(): void;
}

export interface ConnectOptions {
  target: SshTarget;
  secret: SshSignIn | null;
  signal: AbortSignal;
  /** The jump host it is reached through, connected already; closed with this connection by whoever opened it. */
  via?: SshConnection | undefined;
  /** Takes the server's key when none is pinned: trust on first use. Else a server without a pinned key gets nothing. */
  acceptsNewHostKey?: boolean | undefined;
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
  if (options.secret?.certificate !== undefined) checkCertificateOf(options.secret.privateKey, options.secret.certificate);
  try {
    return await connectPatiently(options);
  } catch (thrown) {
    if (!isCode(thrown, 'ssh.host_key')) throw thrown;
    return (await connectByOtherKind(options)) ?? Promise.reject(thrown);
  }
}

/** How long to wait after being turned away, each time with some luck, so that many do not come back together. */
const patienceMs = [100, 250, 600];

/** A server with too many sign-ins under way (sshd's MaxStartups) closes connections before it says who it is: nothing was sent to it by then. */
async function connectPatiently(options: ConnectOptions): Promise<SshConnection> {
  for (const ms of patienceMs) {
    try {
      return await connectOnce(options);
    } catch (thrown) {
      if (!isCode(thrown, 'ssh.turned_away')) throw thrown;
      await setTimeoutPromise(ms * (0.5 + Math.random()), undefined, { signal: options.signal }).catch(() => options.signal.throwIfAborted());
    }
  }
  return connectOnce(options);
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

async function connectOnce(options: ConnectOptions, kinds?: ServerHostKeyAlgorithm[]): Promise<SshConnection> {
  const { target, secret, signal } = options;
  const place = placeOf(target);
  signal.throwIfAborted();
  const until = performance.now() + target.timeoutSeconds * 1000;
  const socket = await reach(options);
  const client = new ssh2.Client();
  const shown: { key?: Buffer } = {};
  const hostVerifier = verifier({ options, shown, isSearch: kinds !== undefined });
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const deadline = setTimeout(() => socket.destroy(Object.assign(new Error('timed out'), { level: 'client-timeout' })), until - performance.now());
  try {
    const config = { ...connectConfig({ target, secret, hostVerifier }), ...(kinds ? { algorithms: { serverHostKey: kinds } } : {}) };
    await whenReady(client, socket, { config, certificate: secret?.certificate });
  } catch (thrown) {
    client.destroy();
    socket.destroy();
    signal.throwIfAborted();
    throw hostKeyFailure(shown.key, options) ?? signInFailure({ thrown, place, secret, isGreeted: shown.key !== undefined });
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
  return watched({ client, socket, place, hostKey: fingerprintOf(shown.key ?? Buffer.alloc(0)) });
}

function signInFailure({ thrown, place, secret, isGreeted }: { thrown: unknown; place: string; secret: SshSignIn | null; isGreeted: boolean }): AppError {
  const error = connectFailure(thrown, place, secret);
  if (isGreeted) return error;
  if (error.code === 'ssh.timeout')
    return new TimedOut('ssh.no_greeting', `${place} takes connections, but did not show a host key in time.`, {
      hint: 'Something else than SSH may listen there, or the host is too busy: check the port, and look at the host itself.',
      cause: thrown,
    });
  if (error.code !== 'ssh.lost') return error;
  return new Unreachable('ssh.turned_away', `${place} closed the connection before it showed its host key.`, {
    hint: 'It has too many sign-ins under way (MaxStartups), keeps this machine out, or is no SSH server.',
    cause: thrown,
  });
}

function verifier({ options, shown, isSearch }: { options: ConnectOptions; shown: { key?: Buffer }; isSearch: boolean }): (key: Buffer) => boolean {
  return (key) => {
    shown.key = key;
    const isTrusted = trusts(options, key);
    if (isTrusted || !isSearch) options.onHostKey?.(fingerprintOf(key), algorithmOf(key));
    return isTrusted;
  };
}

function trusts({ target, acceptsNewHostKey }: ConnectOptions, key: Buffer): boolean {
  return target.hostKey === undefined ? acceptsNewHostKey === true : fingerprintOf(key) === target.hostKey;
}

async function reach({ target, signal, via }: ConnectOptions): Promise<Socket | Duplex> {
  if (via) return forward(via, target);
  try {
    return await connectAllowed({ host: target.host, port: target.port, class: 'host' }, { signal, timeoutMs: target.timeoutSeconds * 1000 });
  } catch (thrown) {
    signal.throwIfAborted();
    throw connectFailure(thrown, placeOf(target));
  }
}

/** The jump host makes the connection, and resolves the name. */
function forward(via: SshConnection, { host, port }: SshTarget): Promise<Duplex> {
  const asked = Promise.withResolvers<Duplex>();
  via.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
    if (!error) return asked.resolve(channel);
    asked.reject(
      new Unreachable(
        'ssh.jump',
        `The jump host ${via.place} cannot reach ${placeOf({ host, port })}: ${error.message.replace(/^\(SSH\) Channel open failure: /, '')}`,
        {
          hint: 'Check the address as the jump host sees it, and that its sshd allows TCP forwarding (AllowTcpForwarding).',
          cause: error,
        },
      ),
    );
  });
  return via.guard(asked.promise);
}

function connectConfig({
  target,
  secret,
  hostVerifier,
}: {
  target: SshTarget;
  secret: SshSignIn | null;
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
  if (secret?.agent !== undefined) config.agent = secret.agent;
  // A key first: the password beside it may be for sudo alone, and each wrong one counts against the account.
  config.authHandler = [
    ...(config.privateKey ? (['publickey'] as const) : []),
    ...(config.agent ? (['agent'] as const) : []),
    ...(config.password ? (['password', 'keyboard-interactive'] as const) : []),
  ];
  if (config.authHandler.length === 0) config.authHandler = ['none'];
  return config;
}

function whenReady(
  client: Client,
  socket: Socket | Duplex,
  { config, certificate }: { config: ConnectConfig; certificate: string | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', reject);
    socket.on('error', reject);
    client.once('close', () => reject(new Error('the server closed the connection')));
    // Servers that ask by PAM instead of by password: the password answers every hidden prompt.
    client.on('keyboard-interactive', (...[, , , prompts, finish]) => finish(prompts.map((prompt) => (prompt.echo ? '' : (config.password ?? '')))));
    client.connect({ ...config, sock: socket });
    if (certificate !== undefined) signInWithCertificate(client, certificate);
  });
}

function hostKeyFailure(key: Buffer | undefined, options: ConnectOptions): AppError | undefined {
  const { target } = options;
  if (!key || trusts(options, key)) return undefined;
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

function watched({ client, socket, place, hostKey }: { client: Client; socket: Socket | Duplex; place: string; hostKey: string }): SshConnection {
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
  return {
    client,
    place,
    hostKey,
    isOpen: () => open,
    guard: (work) => Promise.race([work, lost.promise]),
    together: (send) => {
      socket.cork();
      send();
      // A stream tells its end in the next tick.
      setImmediate(() => socket.uncork());
    },
    received: () => ('bytesRead' in socket ? socket.bytesRead : 0),
    hold: (isHeld) => {
      if ('ref' in socket) socket[isHeld ? 'ref' : 'unref']();
    },
    close: () => {
      client.end();
      if ('destroySoon' in socket) socket.destroySoon();
      else socket.destroy();
    },
    destroy: () => void socket.destroy(),
  };
}
