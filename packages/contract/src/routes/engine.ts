// The engine as a whole: who works, what waits, and the switch that stops the taking of work.
import { z } from 'zod';
import { Id, Instant, Slug, StepId } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { WaitKind } from '../run.ts';

const By = z.object({ at: Instant, by: z.string() });

export const EngineControl = z
  .object({ paused: By.extend({ reason: z.string().nullable() }).nullable().describe('Null while work is taken') })
  .meta({ id: 'EngineControl' });
export type EngineControl = z.infer<typeof EngineControl>;

export const workerStates = ['working', 'paused', 'draining', 'drained', 'silent'] as const;
export const EngineWorker = z
  .object({
    id: Id,
    host: z.string(),
    pid: z.number().int(),
    version: z.string(),
    tags: z.array(z.string()),
    state: z.enum(workerStates).describe('silent: no sign of life for 5 s; drained: it takes nothing and has nothing left'),
    concurrency: z.number().int().describe('How many parts of runs it advances at once, at most'),
    held: z.number().int().describe('How many it has'),
    startedAt: Instant,
    beatAt: Instant,
    drain: By.nullable(),
    runs: z
      .array(z.object({ run: Id, number: z.number().int(), flow: Slug, step: StepId, startedAt: Instant.nullable() }))
      .describe('The steps that it runs, as far as whoever asks may see their runs; at most 20'),
  })
  .meta({ id: 'EngineWorker' });
export type EngineWorker = z.infer<typeof EngineWorker>;

export const EngineQueue = z
  .object({
    tag: z.string(),
    workers: z.number().int().describe('Workers that take from it'),
    places: z.number().int().describe('How much those run at once'),
    held: z.number().int().describe('What workers have of it'),
    ready: z.number().int().describe('What waits for a place'),
    delayed: z.number().int().describe('What waits for its time'),
    oldestAt: Instant.nullable().describe('Since when the oldest of what is ready waits'),
    perMinute: z.number().describe('Steps that its live workers recorded per minute, over the last five minutes'),
  })
  .meta({ id: 'EngineQueue' });
export type EngineQueue = z.infer<typeof EngineQueue>;

const count = z.number().int();

/** What has not ended, in all workspaces. */
export const EngineBacklog = z
  .object({
    runs: z.object({ queued: count, running: count, cancelling: count }),
    held: count.describe('Runs that wait for others of their flow, or of their backfill'),
    paused: count.describe('Runs that somebody paused'),
    waits: z.partialRecord(WaitKind, count).describe('Steps that wait and hold no worker, by what for'),
    parked: z.object({ paused: count, held: count, slot: count }).describe('Steps that are due, and why they are not queued'),
  })
  .meta({ id: 'EngineBacklog' });
export type EngineBacklog = z.infer<typeof EngineBacklog>;

export const EngineStatus = EngineControl.extend({
  at: Instant,
  workers: z.array(EngineWorker),
  queues: z.array(EngineQueue),
  backlog: EngineBacklog,
}).meta({ id: 'EngineStatus' });
export type EngineStatus = z.infer<typeof EngineStatus>;

export const showEngine = defineRoute({
  name: 'engine.show',
  method: 'GET',
  path: '/api/engine',
  tag: 'System',
  access: 'system.read',
  summary: 'Workers with what they run, queues with what waits, what has not ended, and whether work is taken',
  response: EngineStatus,
});
export const pauseEngine = defineRoute({
  name: 'engine.pause',
  method: 'POST',
  path: '/api/engine/pause',
  tag: 'System',
  access: 'system.edit',
  summary: 'Stop taking work, in the whole installation',
  description: 'What runs ends its present step. Runs can still be started; they wait. Workers follow within a second.',
  body: z.strictObject({ reason: z.string().trim().min(1).max(500).optional() }),
  response: EngineControl,
});
export const resumeEngine = defineRoute({
  name: 'engine.resume',
  method: 'POST',
  path: '/api/engine/resume',
  tag: 'System',
  access: 'system.edit',
  summary: 'Take work again',
  response: EngineControl,
});
const WorkerDrain = z.object({ id: Id, host: z.string(), pid: z.number().int(), drain: By.nullable(), held: z.number().int() }).meta({ id: 'WorkerDrain' });
export type WorkerDrain = z.infer<typeof WorkerDrain>;
export const drainWorker = defineRoute({
  name: 'worker.drain',
  method: 'POST',
  path: '/api/engine/workers/{id}/drain',
  tag: 'System',
  access: 'system.edit',
  summary: 'Let a worker take nothing new; what it runs ends with its present step',
  params: z.object({ id: Id }),
  response: WorkerDrain,
});
export const undrainWorker = defineRoute({
  name: 'worker.undrain',
  method: 'POST',
  path: '/api/engine/workers/{id}/undrain',
  tag: 'System',
  access: 'system.edit',
  summary: 'Let a drained worker take work again',
  params: z.object({ id: Id }),
  response: WorkerDrain,
});
