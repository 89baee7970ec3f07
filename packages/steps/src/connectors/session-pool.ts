// Signing in costs several round trips: a session stays open for a while after its use and serves the next step of the same workspace, connection, settings and secret.
// Of one connection only so many sessions exist at once in this process; who finds none free waits.
import { createHash, randomBytes } from 'node:crypto';
import { egressGeneration } from '@tidewheel/kit/egress/egress';

const idleMs = 20_000;
/** Pool keys cover the secret, so that a changed one never rides on an old sign-in; keyed so that they give nothing away. */
const keySalt = randomBytes(32);

export interface PooledSession {
  isOpen(): boolean;
  /** As new: nothing of its last user is left. False where that cannot be had, and the session is closed. */
  reset(): Promise<boolean>;
  /** Ends what is under way on the server; the session is not used again. */
  stop(): Promise<void>;
  close(): void;
  /** Whether it keeps the process alive. */
  hold(isHeld: boolean): void;
}

interface Place<T> {
  idle: { session: T; timer: NodeJS.Timeout }[];
  /** Sessions in use or being opened. */
  used: number;
  /** In order; each is given a session, or the right to open one. */
  waiting: { give(session: T | undefined): void }[];
}

export interface Borrow<T extends PooledSession> {
  workspaceId: string;
  slug: string;
  /** Whatever else makes two sessions different: settings and secret. */
  settings: unknown;
  /** The most sessions at once. */
  size: number;
  signal: AbortSignal;
  open(signal: AbortSignal): Promise<T>;
}

export class SessionPool<T extends PooledSession> {
  readonly #places = new Map<string, Place<T>>();

  /** Runs `work` with a session of its own. After an error or a cancel the session is closed, never reused; a cancel is told to the server first. */
  async with<R>(borrow: Borrow<T>, work: (session: T) => Promise<R>): Promise<R> {
    const key = keyOf(borrow);
    const session = await this.#take(key, borrow);
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {});
    const stop = () => void session.stop().finally(() => stopped.reject(borrow.signal.reason as Error));
    borrow.signal.addEventListener('abort', stop, { once: true });
    let isClean = false;
    try {
      borrow.signal.throwIfAborted();
      const result = await Promise.race([work(session), stopped.promise]);
      isClean = true;
      return result;
    } catch (thrown) {
      if (borrow.signal.aborted) await stopped.promise.catch(() => {});
      borrow.signal.throwIfAborted();
      throw thrown;
    } finally {
      borrow.signal.removeEventListener('abort', stop);
      await this.#giveBack(key, session, isClean);
    }
  }

  idleSessions(): number {
    return [...this.#places.values()].reduce((sum, place) => sum + place.idle.length, 0);
  }

  /** For the end of a process and for tests. */
  closeIdle(): void {
    for (const [key, place] of this.#places) for (const { session } of [...place.idle]) this.#forget(key, session);
  }

  async #take(key: string, borrow: Borrow<T>): Promise<T> {
    borrow.signal.throwIfAborted();
    const place = this.#places.get(key) ?? { idle: [], used: 0, waiting: [] };
    this.#places.set(key, place);
    const isFree = place.idle.length > 0 || place.used < borrow.size;
    if (isFree) place.used += 1;
    const given = isFree ? takeIdle(place) : await wait(place, borrow.signal);
    if (given) return given;
    try {
      return await borrow.open(borrow.signal);
    } catch (thrown) {
      this.#release(key, place);
      throw thrown;
    }
  }

  async #giveBack(key: string, session: T, isClean: boolean): Promise<void> {
    const place = this.#places.get(key) as Place<T>;
    const isFit = isClean && session.isOpen() && (await session.reset().catch(() => false));
    if (!isFit) session.close();
    this.#release(key, place, isFit ? session : undefined);
  }

  #release(key: string, place: Place<T>, session?: T): void {
    const next = place.waiting.shift();
    if (next) {
      next.give(session);
      return;
    }
    place.used -= 1;
    if (session) {
      // Neither the timer nor the socket may keep the process alive.
      session.hold(false);
      place.idle.push({ session, timer: setTimeout(() => this.#forget(key, session), idleMs).unref() });
    } else if (place.used === 0 && place.idle.length === 0) this.#places.delete(key);
  }

  #forget(key: string, session: T): void {
    const place = this.#places.get(key);
    const entry = place?.idle.find((candidate) => candidate.session === session);
    if (!place || !entry) return;
    place.idle.splice(place.idle.indexOf(entry), 1);
    clearTimeout(entry.timer);
    session.close();
    if (place.used === 0 && place.idle.length === 0) this.#places.delete(key);
  }
}

function takeIdle<T extends PooledSession>(place: Place<T>): T | undefined {
  for (let entry = place.idle.pop(); entry; entry = place.idle.pop()) {
    clearTimeout(entry.timer);
    entry.session.hold(true);
    if (entry.session.isOpen()) return entry.session;
    entry.session.close();
  }
  return undefined;
}

function wait<T>(place: Place<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      place.waiting.splice(place.waiting.indexOf(waiter), 1);
      reject(signal.reason as Error);
    };
    const waiter = {
      give: (session: T | undefined) => {
        signal.removeEventListener('abort', leave);
        resolve(session);
      },
    };
    signal.addEventListener('abort', leave, { once: true });
    place.waiting.push(waiter);
  });
}

// A narrowed way out must not live on in sessions that were made before it.
function keyOf<T extends PooledSession>({ workspaceId, slug, settings }: Borrow<T>): string {
  return createHash('sha256')
    .update(keySalt)
    .update(JSON.stringify([workspaceId, slug, settings, egressGeneration()]))
    .digest('hex');
}
