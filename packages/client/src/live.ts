// The live channel: one WebSocket for the whole page or command, many subscriptions on it, each resumed after a reconnect.
import { type AppError, NotFound, NotSignedIn, Unreachable } from '@tidewheel/contract/errors';
import type { LiveMessage, LiveRequest } from '@tidewheel/contract/live';
import type { NotificationEvent } from '@tidewheel/contract/notification';
import type { EngineStatus } from '@tidewheel/contract/routes/engine';
import type { LogLine, RunEvent, RunState, RunSummary } from '@tidewheel/contract/run';
import { backoffMs } from './backoff.ts';
import type { Auth } from './client.ts';
import { RunCursor, runStateOf } from './run-cursor.ts';

/** `refused`: the server does not let this session in; it is not tried again. */
export type LiveStatus = 'connecting' | 'open' | 'waiting' | 'refused' | 'closed';

export interface LiveOptions {
  origin?: string | undefined;
  /** For Node; a browser's WebSocket carries the session cookie instead. */
  token?: string | undefined;
  /** Instead of `token`: asked with each connection, and again when the server closes one because its token has ended. */
  auth?: Pick<Auth, 'token'> | undefined;
  /** Slug of the workspace to follow. Left out: as for a client. */
  workspace?: string | undefined;
  WebSocket?: typeof globalThis.WebSocket | undefined;
}
export interface RunHandlers {
  onEvent?: ((event: RunEvent) => void) | undefined;
  onLog?: ((line: LogLine) => void) | undefined;
  onState?: ((state: RunState) => void) | undefined;
  onError?: ((error: AppError) => void) | undefined;
}
export interface RunsHandlers {
  onRun: (run: RunSummary) => void;
  /** After a reconnect: the list has no cursor, so changes in between were not seen. Read it again. */
  onResume?: (() => void) | undefined;
  onError?: ((error: AppError) => void) | undefined;
}
export interface NotificationsHandlers {
  onNotification: (notification: NotificationEvent) => void;
  /** After a reconnect: what was raised in between was not told. Read the list again. */
  onResume?: (() => void) | undefined;
  onError?: ((error: AppError) => void) | undefined;
}
export interface InboxHandlers {
  onUnread: (unread: number) => void;
  onError?: ((error: AppError) => void) | undefined;
}
export interface EngineHandlers {
  onEngine: (status: EngineStatus) => void;
  onError?: ((error: AppError) => void) | undefined;
}
export interface RunToFollow {
  run: string;
  after?: number | undefined;
  afterLog?: number | undefined;
}

export interface Live {
  readonly status: LiveStatus;
  /** Called at once with the present status, then on each change. Returns a function that ends it. */
  onStatus(listener: (status: LiveStatus) => void): () => void;
  /** Each event and log line after the cursors, once and in order, over any number of reconnects. Returns a function that ends it. */
  followRun(run: RunToFollow, handlers: RunHandlers): () => void;
  followRuns(handlers: RunsHandlers): () => void;
  /** What is raised from now on. */
  followNotifications(handlers: NotificationsHandlers): () => void;
  /** How many notifications I have not read, now and whenever that changes. */
  followInbox(handlers: InboxHandlers): () => void;
  /** Its status now and whenever it changes. */
  followEngine(handlers: EngineHandlers): () => void;
  close(): void;
}

interface Subscription {
  request(id: number): LiveRequest;
  receive(message: Exclude<LiveMessage, { type: 'error' }>): 'ok' | 'again';
  resumed?(): void;
  fail(error: AppError): void;
  /** The channel's own notes. */
  id: number;
  sent: boolean;
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const fresh = { id: 0, sent: false, failures: 0, timer: undefined };

/** Close codes by which a server says that trying again will not help: policy violation, and our own for a missing session. */
const refusals: ReadonlySet<number> = new Set([1008, 4401, 4403]);

/** A connection that lasted so long was a good one: the next attempt need not wait. */
const longOpenMs = 10_000;

export function openLive(options: LiveOptions = {}): Live {
  return new LiveChannel(options);
}

class LiveChannel implements Live {
  readonly #options: LiveOptions;
  readonly #subscriptions = new Map<number, Subscription>();
  /** Also those that wait to be asked again. */
  readonly #all = new Set<Subscription>();
  readonly #listeners = new Set<(status: LiveStatus) => void>();
  #status: LiveStatus = 'connecting';
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #openedAt = Number.POSITIVE_INFINITY;
  #nextId = 1;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#connect();
  }

  get status(): LiveStatus {
    return this.#status;
  }

  onStatus(listener: (status: LiveStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  followRun(run: RunToFollow, handlers: RunHandlers): () => void {
    return this.#subscribe(runSubscription(run, handlers));
  }

  followRuns(handlers: RunsHandlers): () => void {
    return this.#subscribe(runsSubscription(handlers));
  }

  followNotifications(handlers: NotificationsHandlers): () => void {
    return this.#subscribe(notificationsSubscription(handlers));
  }

  followInbox(handlers: InboxHandlers): () => void {
    return this.#subscribe(inboxSubscription(handlers));
  }

  followEngine(handlers: EngineHandlers): () => void {
    return this.#subscribe(engineSubscription(handlers));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#setStatus('closed');
    for (const { timer } of this.#all) clearTimeout(timer);
    this.#subscriptions.clear();
    this.#socket?.close();
    this.#socket = null;
  }

  #subscribe(subscription: Subscription): () => void {
    this.#all.add(subscription);
    this.#add(subscription);
    if (this.#status === 'refused') queueMicrotask(() => subscription.fail(refused()));
    return () => {
      clearTimeout(subscription.timer);
      this.#all.delete(subscription);
      this.#remove(subscription);
    };
  }

  /** A repeated request gets a new id, so that late messages of the old one are told apart. */
  #add(subscription: Subscription): void {
    subscription.id = this.#nextId++;
    this.#subscriptions.set(subscription.id, subscription);
    this.#request(subscription);
  }

  #remove({ id }: Subscription): void {
    if (this.#subscriptions.delete(id)) this.#send({ type: 'unsubscribe', id });
  }

  #request(subscription: Subscription): void {
    const isAgain = subscription.sent;
    if (!this.#send(subscription.request(subscription.id))) return;
    subscription.sent = true;
    if (isAgain) subscription.resumed?.();
  }

  #send(message: LiveRequest): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect(): void {
    this.#setStatus('connecting');
    const { auth, token } = this.#options;
    if (!auth) this.#open(token);
    else this.#openWith(auth);
  }

  #openWith(auth: Pick<Auth, 'token'>): void {
    auth.token().then(
      (current) => {
        if (this.#status === 'connecting') this.#open(current);
      },
      (error: unknown) => this.#unsigned(error),
    );
  }

  /** No token is to be had: for now, or because the session has ended. */
  #unsigned(error: unknown): void {
    if (this.#status !== 'connecting') return;
    if (error instanceof NotSignedIn) this.#refuse();
    else this.#connectLater();
  }

  #open(token: string | undefined): void {
    const socket = openSocket({ ...this.#options, token });
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#receive(socket, String(event.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
    // An error is always followed by a close; without a listener some implementations would throw it.
    socket.onerror = () => undefined;
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#openedAt = Date.now();
    this.#setStatus('open');
    for (const subscription of this.#subscriptions.values()) this.#request(subscription);
  }

  #receive(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    // Only now is the connection known to work: a server that accepts and hangs up must not be asked in a tight loop.
    this.#attempt = 0;
    const message = JSON.parse(text) as LiveMessage;
    const subscription = message.id === null ? undefined : this.#subscriptions.get(message.id);
    if (!subscription) return;
    if (message.type === 'error') this.#failed(subscription, message);
    else if (subscription.receive(message) === 'again') {
      this.#remove(subscription);
      this.#add(subscription);
    } else subscription.failures = 0;
  }

  /** A failure of the server itself (its database was away, say) passes: asked again from the cursor. Any other error is an answer. */
  #failed(subscription: Subscription, { code, message }: Extract<LiveMessage, { type: 'error' }>): void {
    this.#subscriptions.delete(subscription.id);
    if (code === 'bug') subscription.timer = setTimeout(() => this.#add(subscription), backoffMs(subscription.failures++));
    else subscription.fail(new NotFound(code, message));
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#status === 'closed') return;
    this.#socket = null;
    const wasLong = Date.now() - this.#openedAt > longOpenMs;
    this.#openedAt = Number.POSITIVE_INFINITY;
    // After a while an access token ends: with the next one it goes on.
    if (wasLong) this.#attempt = 0;
    if (refusals.has(code) && !(wasLong && this.#options.auth)) this.#refuse();
    else this.#connectLater();
  }

  #refuse(): void {
    this.#setStatus('refused');
    for (const subscription of this.#subscriptions.values()) subscription.fail(refused());
  }

  #connectLater(): void {
    this.#setStatus('waiting');
    this.#timer = setTimeout(() => this.#connect(), backoffMs(this.#attempt++));
  }

  #setStatus(status: LiveStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

function runSubscription(follow: RunToFollow, handlers: RunHandlers): Subscription {
  const cursor = new RunCursor(follow);
  return {
    ...fresh,
    request: (id) => ({ type: 'subscribe', id, to: 'run', run: follow.run, after: cursor.after, afterLog: cursor.afterLog }),
    fail: (error) => handlers.onError?.(error),
    receive(message) {
      if (message.type === 'log' && cursor.log(message.line) === 'take') handlers.onLog?.(message.line);
      if (message.type !== 'event') return 'ok';
      const verdict = cursor.event(message.event);
      if (verdict === 'gap') return 'again';
      if (verdict === 'take') announce(message.event, handlers);
      return 'ok';
    },
  };
}

/** Hands an event on, and the state of the run where the event changes it. */
export function announce(event: RunEvent, handlers: RunHandlers): void {
  handlers.onEvent?.(event);
  const state = runStateOf(event);
  if (state) handlers.onState?.(state);
}

function runsSubscription(handlers: RunsHandlers): Subscription {
  return {
    ...fresh,
    request: (id) => ({ type: 'subscribe', id, to: 'runs' }),
    fail: (error) => handlers.onError?.(error),
    resumed: () => handlers.onResume?.(),
    receive(message) {
      if (message.type === 'run') handlers.onRun(message.run);
      return 'ok';
    },
  };
}

function engineSubscription(handlers: EngineHandlers): Subscription {
  return {
    ...fresh,
    request: (id) => ({ type: 'subscribe', id, to: 'engine' }),
    fail: (error) => handlers.onError?.(error),
    receive(message) {
      if (message.type === 'engine') handlers.onEngine(message.engine);
      return 'ok';
    },
  };
}

function inboxSubscription(handlers: InboxHandlers): Subscription {
  return {
    ...fresh,
    request: (id) => ({ type: 'subscribe', id, to: 'inbox' }),
    fail: (error) => handlers.onError?.(error),
    receive(message) {
      if (message.type === 'inbox') handlers.onUnread(message.unread);
      return 'ok';
    },
  };
}

function notificationsSubscription(handlers: NotificationsHandlers): Subscription {
  return {
    ...fresh,
    request: (id) => ({ type: 'subscribe', id, to: 'notifications' }),
    fail: (error) => handlers.onError?.(error),
    resumed: () => handlers.onResume?.(),
    receive(message) {
      if (message.type === 'notification') handlers.onNotification(message.notification);
      return 'ok';
    },
  };
}

function refused(): AppError {
  return new NotSignedIn('live.refused', 'The live channel was refused: you are not signed in, or no longer.', { hint: 'Sign in again.' });
}

function openSocket(options: LiveOptions): WebSocket {
  const Socket = options.WebSocket ?? globalThis.WebSocket;
  if (Socket === undefined) throw new Unreachable('live.unsupported', 'This JavaScript runtime has no WebSocket.', { hint: 'Use followRunBySse.' });
  const page = (globalThis as { location?: { origin: string } }).location?.origin;
  const address = `${(options.origin ?? page ?? 'http://127.0.0.1:8080').replace(/^http/, 'ws').replace(/\/+$/, '')}/api/live${options.workspace === undefined ? '' : `?workspace=${encodeURIComponent(options.workspace)}`}`;
  if (options.token === undefined) return new Socket(address);
  // Node's WebSocket takes headers here; a browser's does not, and has no token either.
  const init: { headers: Record<string, string> } = { headers: { authorization: `Bearer ${options.token}` } };
  return new Socket(address, init as unknown as string[]);
}
