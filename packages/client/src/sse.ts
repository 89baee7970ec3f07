// Follows a run by server-sent events: for the command line and small clients behind proxies that let no WebSocket through.
import { type AppError, toAppError } from '@tidewheel/contract/errors';
import type { LogLine, RunEvent } from '@tidewheel/contract/run';
import type { EventSourceMessage } from 'eventsource-parser';
import { backoffMs } from './backoff.ts';
import type { Client } from './client.ts';
import { eventsOf } from './event-stream.ts';
import { announce, type RunHandlers, type RunToFollow } from './live.ts';
import { streamEvents } from './routes.ts';
import { RunCursor } from './run-cursor.ts';

interface Following {
  client: Client;
  run: string;
  cursor: RunCursor;
  handlers: RunHandlers;
  signal: AbortSignal;
  ended: boolean;
}

/** Reconnects and resumes by itself; stops when the run has ended, when told, or on an error that trying again will not mend (`onError`). */
export function followRunBySse(client: Client, follow: RunToFollow, handlers: RunHandlers): () => void {
  const stop = new AbortController();
  const following: Following = { client, run: follow.run, cursor: new RunCursor(follow), handlers, signal: stop.signal, ended: false };
  void keepReading(following).catch((thrown: unknown) => {
    if (!stop.signal.aborted) handlers.onError?.(toAppError(thrown));
  });
  return () => stop.abort();
}

async function keepReading(following: Following): Promise<void> {
  for (let attempt = 0; !following.ended && !following.signal.aborted; attempt++) {
    const before = following.cursor.after + following.cursor.afterLog;
    const error = await readOnce(following);
    if (error && !error.retryable && error.status < 500) throw error;
    if (following.cursor.after + following.cursor.afterLog > before) attempt = 0;
    if (!following.ended && !following.signal.aborted) await pause(backoffMs(attempt));
  }
}

async function readOnce(following: Following): Promise<AppError | null> {
  const { client, run, cursor, signal } = following;
  try {
    const response = await client.download(streamEvents, { params: { id: run }, query: { after: cursor.after, afterLog: cursor.afterLog } }, { signal });
    for await (const message of eventsOf(response)) receive(following, message);
    return null;
  } catch (thrown) {
    return toAppError(thrown);
  }
}

function receive(following: Following, message: EventSourceMessage): void {
  if (message.event === 'end') following.ended = true;
  if (message.event === 'log') takeLog(following, JSON.parse(message.data) as LogLine);
  if (message.event === 'event') takeEvent(following, JSON.parse(message.data) as RunEvent);
}
function takeLog({ cursor, handlers }: Following, line: LogLine): void {
  if (cursor.log(line) === 'take') handlers.onLog?.(line);
}
function takeEvent({ cursor, handlers }: Following, event: RunEvent): void {
  if (cursor.event(event) !== 'seen') {
    cursor.after = event.seq;
    announce(event, handlers);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
