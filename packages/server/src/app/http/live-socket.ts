// One open WebSocket: its subscriptions, and the care that a slow or dead one costs nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from '@fastify/websocket';
import { Bug, NotAllowed, toAppError } from '@tidewheel/contract/errors';
import { type LiveMessage, LiveRequest } from '@tidewheel/contract/live';
import type { Actor } from '../../base/actor.ts';
import type { Logger } from '../../base/logger.ts';
import type { EngineFeed } from '../../engine/control/engine-feed.ts';
import type { Feeds } from '../../platform/events/feeds.ts';
import { FreshActor } from '../../platform/events/fresh-actor.ts';

export const liveLimits = {
  subscriptions: 100,
  messageBytes: 16_384,
  /** Above this many unsent bytes nothing more is pulled from the database for the socket … */
  bufferedBytes: 1_000_000,
  /** … and a socket that takes nothing of it for so long is dropped. */
  stalledMs: 15_000,
  /** How often a socket must show life and its user is looked up again. */
  checkEveryMs: 30_000,
  /** What the user may see is looked up again when something is to be told and it was last asked so long ago. */
  freshMs: 2_000,
};
export type LiveLimits = typeof liveLimits;

const pingsInVain = 2;

/** RFC 6455 leaves 4000 to 4999 to us. */
export const closeCodes = { goingAway: 1001, broken: 1011, signedOut: 4401, tooSlow: 4408, tooMany: 4429 };

/** Everything that can be followed. */
export type LiveFeeds = Pick<Feeds, 'runs' | 'notifications' | 'inbox'> & { engine: EngineFeed };

export interface LiveSocketOptions {
  socket: WebSocket;
  actor: Actor;
  again(): Promise<Actor | null>;
  /** Told of what this person may not follow. */
  refused(error: unknown): void;
  feeds: LiveFeeds;
  log: Logger;
  bounds: LiveLimits;
  /** Counts a message against the rate of the channel. */
  mayReceive(): boolean;
}

type Subscribe = Extract<LiveRequest, { type: 'subscribe' }>;

export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #subscriptions = new Map<number, AbortController>();
  readonly #reader: FreshActor;
  readonly #check: NodeJS.Timeout;
  /** Pings in a row without an answer; one may wait behind much data on its way. */
  #unanswered = 0;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
    const { socket, bounds } = options;
    this.#reader = new FreshActor(options.actor, { again: () => this.#again(), freshMs: bounds.freshMs });
    socket.on('message', (data: Buffer) => this.#receiveSafely(data.toString()));
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    socket.on('error', () => socket.terminate());
    socket.once('close', () => this.#end());
    this.#check = setInterval(() => void this.#checkLife(), bounds.checkEveryMs);
  }

  close(code: number, reason: string): void {
    const { socket } = this.#options;
    this.#end();
    socket.close(code, reason);
    // A peer that does not read never answers the closing handshake.
    setTimeout(() => socket.terminate(), 1_000).unref();
  }

  #end(): void {
    clearInterval(this.#check);
    for (const subscription of this.#subscriptions.values()) subscription.abort();
    this.#subscriptions.clear();
  }

  async #checkLife(): Promise<void> {
    const { socket, log } = this.#options;
    // Unsent data is the business of #drained, which sees whether it moves.
    if (this.#unanswered >= pingsInVain && socket.bufferedAmount === 0) {
      socket.terminate();
      return;
    }
    this.#unanswered++;
    socket.ping();
    try {
      if (!(await this.#reader.look())) this.close(closeCodes.signedOut, 'the session has ended');
    } catch (error) {
      if (error instanceof NotAllowed) return this.close(closeCodes.signedOut, error.message);
      log.warn({ err: error }, 'could not look up the user of a live channel');
    }
  }

  // Without a say a session is where its person works now: this channel is for where it was opened.
  async #again(): Promise<Actor | null> {
    const actor = await this.#options.again();
    return actor?.permissions.has('run.read') && actor.workspaceId === this.#options.actor.workspaceId ? actor : null;
  }

  // What is thrown in a socket's event handler would end the whole process.
  #receiveSafely(text: string): void {
    try {
      this.#receive(text);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a live message could not be handled');
      this.close(closeCodes.broken, 'something went wrong on our side');
    }
  }

  #receive(text: string): void {
    if (!this.#options.mayReceive()) {
      this.close(closeCodes.tooMany, 'these are more messages than one channel may send');
      return;
    }
    const parsed = LiveRequest.safeParse(parseJson(text));
    if (!parsed.success) {
      const fault = parsed.error.issues[0];
      this.#sendError(null, 'live.message', `This message is not understood: ${[...(fault?.path ?? []), fault?.message].join(': ')}`);
    } else if (parsed.data.type === 'subscribe') {
      this.#subscribe(parsed.data);
    } else {
      this.#subscriptions.get(parsed.data.id)?.abort();
      this.#subscriptions.delete(parsed.data.id);
    }
  }

  #subscribe(request: Subscribe): void {
    const { bounds } = this.#options;
    if (this.#subscriptions.has(request.id)) {
      this.#sendError(request.id, 'live.subscribed', `Subscription ${request.id} exists already.`);
      return;
    }
    if (this.#subscriptions.size >= bounds.subscriptions) {
      this.#sendError(request.id, 'live.too_many', `A channel holds at most ${bounds.subscriptions} subscriptions.`);
      return;
    }
    const stop = new AbortController();
    this.#subscriptions.set(request.id, stop);
    void this.#pump(request, stop.signal);
  }

  async #pump(request: Subscribe, signal: AbortSignal): Promise<void> {
    try {
      for await (const message of this.#messages(request, signal)) {
        if (signal.aborted) return;
        this.#send(message);
        await this.#drained(signal);
      }
    } catch (thrown) {
      this.#fail(request.id, thrown);
    } finally {
      if (this.#subscriptions.get(request.id)?.signal === signal) this.#subscriptions.delete(request.id);
    }
  }

  async *#messages(request: Subscribe, signal: AbortSignal): AsyncGenerator<LiveMessage> {
    const { feeds, actor } = this.#options;
    const { workspaceId } = actor;
    const { id } = request;
    const reader = () => this.#reader.now();
    if (request.to === 'runs') {
      for await (const run of feeds.runs.followRuns({ reader, workspaceId, signal })) yield { type: 'run', id, run };
      return;
    }
    if (request.to === 'notifications') {
      for await (const notification of feeds.notifications.follow({ reader, workspaceId, signal })) yield { type: 'notification', id, notification };
      return;
    }
    if (request.to === 'inbox') {
      for await (const unread of feeds.inbox.follow({ reader, workspaceId, signal })) yield { type: 'inbox', id, unread };
      return;
    }
    if (request.to === 'engine') {
      for await (const engine of feeds.engine.follow({ reader, signal })) yield { type: 'engine', id, engine };
      return;
    }
    const after = { event: request.after, log: request.afterLog };
    for await (const item of feeds.runs.follow({ reader, workspaceId, runId: request.run, after, signal })) {
      yield 'event' in item ? { type: 'event', id, event: item.event } : { type: 'log', id, line: item.log };
    }
  }

  /** Waits while the socket has too much unsent: the next read happens only when there is room for it. */
  async #drained(signal: AbortSignal): Promise<void> {
    const { socket, bounds } = this.#options;
    let least = socket.bufferedAmount;
    let deadline = Date.now() + bounds.stalledMs;
    while (socket.bufferedAmount > bounds.bufferedBytes && !signal.aborted) {
      if (socket.bufferedAmount < least) {
        least = socket.bufferedAmount;
        deadline = Date.now() + bounds.stalledMs;
      } else if (Date.now() > deadline) {
        this.close(closeCodes.tooSlow, 'this client reads too slowly');
        return;
      }
      await sleep(20);
    }
  }

  #fail(id: number, thrown: unknown): void {
    this.#options.refused(thrown);
    const error = toAppError(thrown);
    if (error instanceof Bug) {
      this.#options.log.error({ err: error.cause ?? error }, 'a live subscription failed');
      this.#sendError(id, 'bug', 'Something went wrong on our side; subscribe again.');
    } else {
      this.#sendError(id, error.code, error.message);
    }
  }

  #sendError(id: number | null, code: string, message: string): void {
    this.#send({ type: 'error', id, code, message });
  }

  #send(message: LiveMessage): void {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
