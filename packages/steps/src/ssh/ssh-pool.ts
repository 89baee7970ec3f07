// Signing in costs several round trips: a connection carries many channels, stays open for a while after its last one, and serves the next step of the
// same workspace, host and secret.
import { createHash, randomBytes } from 'node:crypto';
import { type AppError, toAppError } from '@tidewheel/contract/errors';
import { egressGeneration } from '@tidewheel/kit/egress/egress';
import { connectRoute, type Reached } from './connect-route.ts';
import type { SshConnection } from './ssh-client.ts';
import { ChannelRefused } from './ssh-errors.ts';
import type { SshRoute } from './ssh-route.ts';

const idleMs = 20_000;
/** Of this process; the ones that waited longest are closed first. */
const mostIdle = 200;
/** What sshd allows by default (MaxSessions). A server that allows less says so, and the connection is used for less from then on. */
const channelsAtFirst = 10;
/** Pool keys cover the secret, so that a changed one never rides on an old sign-in; keyed so that they give nothing away. */
const keySalt = randomBytes(32);

export interface Borrow {
  workspaceId: string;
  route: SshRoute;
  signal: AbortSignal;
}

/** The way broke while it was worked on: what a command or the server says of a file is none of it. */
const breaks = new Set(['ssh.lost', 'ssh.broken', 'ssh.timeout', 'sftp.stalled']);

class Kept {
  readonly key: string;
  readonly ready: Promise<Reached>;
  readonly #stop = new AbortController();
  reached: Reached | undefined;
  inUse = 0;
  most = channelsAtFirst;
  isRetired = false;
  timer: NodeJS.Timeout | undefined;

  constructor(key: string, borrow: Borrow) {
    this.key = key;
    this.ready = connectRoute(borrow.route, { signal: this.#stop.signal, reachVia: (via) => reachVia({ ...borrow, route: via }, this.#stop.signal) });
    this.ready.then(
      (reached) => {
        this.reached = reached;
      },
      () => forget(this),
    );
  }
  hasRoom(): boolean {
    return !this.isRetired && this.inUse < this.most && (this.reached?.ssh.isOpen() ?? true);
  }
  close(): void {
    clearTimeout(this.timer);
    this.#stop.abort(new Error('nobody waits for this connection'));
    this.reached?.release();
  }
}

const kept = new Map<string, Set<Kept>>();
/** In the order in which they became idle. */
const idle = new Set<Kept>();

/**
 * Runs `work` on a connection that others may use at the same time; `work` opens one channel. Whether it reuses one or signs in is the pool's affair: a server
 * that refuses the channel gets a further connection, a kept connection that turns out dead before anything came back is replaced once.
 */
export async function withConnection<T>(borrow: Borrow, work: (ssh: SshConnection, retire: () => void) => Promise<T>): Promise<T> {
  const key = keyOf(borrow);
  let isReplaced = false;
  for (;;) {
    borrow.signal.throwIfAborted();
    const isNew = !hasRoom(key);
    const entry = lend(key, borrow);
    try {
      const { ssh } = await waitOut(entry.ready, borrow.signal).catch((thrown: unknown) => notReached(borrow, thrown));
      ssh.hold(true);
      if (isNew) borrow.route.onContact?.({ isOk: true });
      const before = ssh.received();
      try {
        const result = await work(ssh, () => retire(entry));
        borrow.route.onContact?.({ isOk: true });
        return result;
      } catch (thrown) {
        if (thrown instanceof ChannelRefused && entry.inUse > 1) {
          entry.most = Math.max(1, entry.inUse - 1);
          continue;
        }
        const isDead = !isNew && !isReplaced && !ssh.isOpen() && ssh.received() === before;
        if (!isDead && breaks.has(toAppError(thrown).code)) notReached(borrow, thrown);
        if (!isDead || borrow.signal.aborted) throw thrown;
        isReplaced = true;
      }
    } finally {
      giveBack(entry);
    }
  }
}

/** Who was called away does not know. @throws what it was */
function notReached({ route, signal }: Borrow, thrown: unknown): never {
  if (!signal.aborted) route.onContact?.({ isOk: false, error: toAppError(thrown) });
  throw thrown;
}

function hasRoom(key: string): boolean {
  return [...(kept.get(key) ?? [])].some((entry) => entry.hasRoom());
}

function lend(key: string, borrow: Borrow): Kept {
  const entries = kept.get(key) ?? new Set<Kept>();
  for (const entry of entries) if (entry.reached && !entry.reached.ssh.isOpen()) forget(entry);
  // The fullest first, so that the others come to their end.
  const [free] = [...entries].filter((entry) => entry.hasRoom()).sort((one, other) => other.inUse - one.inUse);
  const entry = free ?? new Kept(key, borrow);
  entries.add(entry);
  kept.set(key, entries);
  clearTimeout(entry.timer);
  idle.delete(entry);
  entry.inUse++;
  return entry;
}

function giveBack(entry: Kept): void {
  entry.inUse--;
  if (entry.inUse > 0) return;
  const { reached } = entry;
  if (!reached?.ssh.isOpen() || entry.isRetired) {
    forget(entry);
    entry.close();
    return;
  }
  // Neither the timer nor the socket may keep the process alive.
  reached.ssh.hold(false);
  idle.add(entry);
  entry.timer = setTimeout(() => {
    forget(entry);
    entry.close();
  }, idleMs).unref();
  closeBeyond(mostIdle);
}

/** Takes no further channels and ends with those it has. */
function retire(entry: Kept): void {
  entry.isRetired = true;
  if (entry.inUse === 1) entry.reached?.ssh.destroy();
}

function forget(entry: Kept): void {
  idle.delete(entry);
  const entries = kept.get(entry.key);
  entries?.delete(entry);
  if (entries?.size === 0) kept.delete(entry.key);
}

function closeBeyond(most: number): void {
  for (const entry of idle) {
    if (idle.size <= most) return;
    forget(entry);
    entry.close();
  }
}

/** How many connections wait for use. */
export function idleConnections(): number {
  return idle.size;
}
/** For the end of a process and for tests: what is in use, a jump host for instance, is closed at the end of its use. */
export function closeIdleConnections(): void {
  for (const entries of kept.values()) for (const entry of entries) entry.isRetired = true;
  closeBeyond(0);
}

/** A jump host is a connection like any other, in use as long as the one behind it is open. */
async function reachVia(borrow: Borrow, signal: AbortSignal): Promise<Reached> {
  const held = Promise.withResolvers<Reached>();
  const ended = Promise.withResolvers<void>();
  withConnection({ ...borrow, signal }, async (ssh) => {
    held.resolve({ ssh, release: () => ended.resolve() });
    await ended.promise;
  }).catch(held.reject);
  return held.promise;
}

function keyOf({ workspaceId, route }: Borrow): string {
  const hops: unknown[] = [];
  for (let hop: SshRoute | null = route; hop; hop = hop.via) hops.push([hop.target, hop.signIn, hop.acceptsNewHostKey]);
  return createHash('sha256')
    .update(keySalt)
    .update(JSON.stringify([workspaceId, egressGeneration(), hops]))
    .digest('hex');
}

async function waitOut<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal.reason as AppError);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
