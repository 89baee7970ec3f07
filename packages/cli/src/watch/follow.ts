// Follows a run to its end over the live channel, or by server-sent events where no WebSocket gets through.
import type { Client } from '@tidewheel/client/client';
import { type Live, openLive, type RunHandlers } from '@tidewheel/client/live';
import { showRun } from '@tidewheel/client/routes';
import { followRunBySse } from '@tidewheel/client/sse';
import { isFinal } from '@tidewheel/client/states';
import type { AppError } from '@tidewheel/contract/errors';
import type { LogLine, Run, RunEvent } from '@tidewheel/contract/run';

/** No log line has so high a number: for those who do not want any. */
export const noLogs = 2_147_483_647;
/** Failed attempts before the WebSocket is given up for server-sent events. */
const socketAttempts = 2;
/** The state is also asked for now and then, so that a silent channel never hides the end. */
const askEveryMs = 5_000;

export interface Follow {
  client: Client;
  run: string;
  after: number;
  afterLog: number;
  signal: AbortSignal;
  onEvent?: (event: RunEvent) => void;
  onLog?: (line: LogLine) => void;
  /** The channel broke or is back. */
  onConnection?: (isOpen: boolean) => void;
}

/** Resolves when the run has ended. @throws the error that stops following, or the abort reason at Ctrl+C */
export async function followToEnd(follow: Follow): Promise<void> {
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const handlers: RunHandlers = {
        onEvent: follow.onEvent,
        onLog: follow.onLog,
        onState: (state) => isFinal(state) && resolve(),
        onError: reject,
      };
      stops.push(followByAnyChannel(follow, handlers), askNowAndThen(follow, { resolve, reject }));
      follow.signal.addEventListener('abort', () => reject(follow.signal.reason as Error), { once: true });
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function followByAnyChannel(follow: Follow, handlers: RunHandlers): () => void {
  const cursor = { run: follow.run, after: follow.after, afterLog: follow.afterLog };
  const seen: RunHandlers = {
    ...handlers,
    onEvent: (event) => {
      cursor.after = event.seq;
      handlers.onEvent?.(event);
    },
    onLog: (line) => {
      cursor.afterLog = line.seq;
      handlers.onLog?.(line);
    },
  };
  const live = openLive({ origin: follow.client.origin, token: follow.client.token, auth: follow.client.auth, workspace: follow.client.workspace });
  let stop = () => live.close();
  live.followRun(cursor, seen);
  watchSocket(live, {
    changed: (isOpen) => follow.onConnection?.(isOpen),
    givenUp: () => {
      live.close();
      stop = followRunBySse(follow.client, cursor, seen);
    },
  });
  return () => stop();
}

function watchSocket(live: Live, then: { changed(isOpen: boolean): void; givenUp(): void }): void {
  let hasOpened = false;
  let isLost = false;
  let failures = 0;
  live.onStatus((status) => {
    const wasLost = isLost;
    isLost = status === 'waiting' ? hasOpened : isLost && status !== 'open';
    if (isLost !== wasLost) then.changed(!isLost);
    if (status === 'open') hasOpened = true;
    if (status === 'waiting' && !hasOpened && ++failures === socketAttempts) queueMicrotask(then.givenUp);
  });
}

function askNowAndThen(follow: Follow, then: { resolve(): void; reject(error: unknown): void }): () => void {
  const timer = setInterval(async () => {
    const run = await follow.client.call(showRun, { params: { id: follow.run } }).catch((error: AppError) => {
      if (!error.retryable && error.status < 500) then.reject(error);
      return null;
    });
    // Left to the channel for a moment, so that its last events are still seen.
    if (run && isFinal(run.state)) setTimeout(then.resolve, 1_000);
  }, askEveryMs);
  return () => clearInterval(timer);
}

/** The run as it is, tried again while the server is away: for the moment after the end. */
export async function readRun(client: Client, id: string, signal: AbortSignal): Promise<Run> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await client.call(showRun, { params: { id } }, { signal });
    } catch (thrown) {
      if (attempt === 5 || !(thrown as AppError).retryable) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}
