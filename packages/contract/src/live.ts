// The live channel: one WebSocket per tab at /api/live, many subscriptions on it, each resumable from the last event seen.
import { z } from 'zod';
import { Id } from './identifiers.ts';
import { NotificationEvent } from './notification.ts';
import { EngineStatus } from './routes/engine.ts';
import { LogLine, RunEvent, RunSummary } from './run.ts';

/** What the client sends. `runs` follows the list of runs; `notifications` what is raised from now on; `inbox` how many notifications one has not read; `engine` its status; `run` one run's events and logs after the cursors. */
export const LiveRequest = z.discriminatedUnion('type', [
  z.discriminatedUnion('to', [
    z.object({ type: z.literal('subscribe'), id: z.number().int(), to: z.literal('runs') }),
    z.object({ type: z.literal('subscribe'), id: z.number().int(), to: z.literal('notifications') }),
    z.object({ type: z.literal('subscribe'), id: z.number().int(), to: z.literal('inbox') }),
    z.object({ type: z.literal('subscribe'), id: z.number().int(), to: z.literal('engine') }),
    z.object({
      type: z.literal('subscribe'),
      id: z.number().int(),
      to: z.literal('run'),
      run: Id,
      after: z.number().int().min(0).default(0),
      afterLog: z.number().int().min(0).default(0),
    }),
  ]),
  z.object({ type: z.literal('unsubscribe'), id: z.number().int() }),
]);
export type LiveRequest = z.infer<typeof LiveRequest>;

/** What the server sends; `id` names the subscription. */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), id: z.number().int(), event: RunEvent }),
  z.object({ type: z.literal('log'), id: z.number().int(), line: LogLine }),
  z.object({ type: z.literal('run'), id: z.number().int(), run: RunSummary }),
  z.object({ type: z.literal('notification'), id: z.number().int(), notification: NotificationEvent }),
  z.object({ type: z.literal('inbox'), id: z.number().int(), unread: z.number().int() }),
  z.object({ type: z.literal('engine'), id: z.number().int(), engine: EngineStatus }),
  z.object({ type: z.literal('error'), id: z.number().int().nullable(), code: z.string(), message: z.string() }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;
