// Runs, their steps, their events and logs.
import { z } from 'zod';
import { Id, Instant, Slug } from './identifiers.ts';
import { StepProgress } from './step-progress.ts';
import { CheckOutcome, FileRef, RowCounts, TableRef } from './values.ts';

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'] as const;
export const RunState = z.enum(runStates);
export type RunState = z.infer<typeof RunState>;
export const finalRunStates: readonly RunState[] = ['succeeded', 'failed', 'cancelled'];

export const stepStates = ['pending', 'ready', 'waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'compensated'] as const;
export const StepState = z.enum(stepStates);
export type StepState = z.infer<typeof StepState>;
export const finalStepStates: readonly StepState[] = ['succeeded', 'failed', 'skipped', 'cancelled', 'compensated'];

/** What a waiting step waits for. `children` are the runs below it. */
export const waitKinds = ['timer', 'signal', 'callback', 'approval', 'children'] as const;
export const WaitKind = z.enum(waitKinds);
export type WaitKind = z.infer<typeof WaitKind>;

/** `dry`: nothing outside is changed. */
export const runModes = ['normal', 'dry'] as const;
export const RunMode = z.enum(runModes);
export type RunMode = z.infer<typeof RunMode>;

export const StoredErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
  stack: z.string().optional(),
});

/** A step of a run: one of its document, or what undoes it (`load.undo`). */
export const RunStepId = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]*(?:\.undo)?$/)
  .max(110);

export const StepRun = z
  .object({
    step: RunStepId,
    use: z.string(),
    state: StepState,
    reason: z.string().nullable().describe('Why it is waiting, was skipped or is tried again'),
    attempt: z.number().int(),
    worker: z.string().nullable(),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    counts: RowCounts.nullable(),
    table: TableRef.nullable(),
    rejected: TableRef.nullable(),
    files: z.array(FileRef),
    checks: z.array(CheckOutcome),
    hasPreview: z.boolean(),
    value: z.unknown(),
    error: StoredErrorSchema.nullable(),
    progress: StepProgress.nullable().describe('How far it is, while it runs and says so'),
    branches: z.array(z.string()).nullable().describe('Of a step that chooses: the branches that were taken'),
    wait: z
      .object({ id: Id, kind: WaitKind, until: Instant.nullable(), name: z.string().nullable().describe('Of a signal or a callback') })
      .nullable()
      .describe('What it waits for now'),
    children: z
      .object({
        total: z.number().int().nullable(),
        running: z.number().int(),
        succeeded: z.number().int(),
        failed: z.number().int(),
        cancelled: z.number().int(),
      })
      .nullable()
      .describe('The runs below it; `total` is null while it is not known'),
    reusedFrom: Id.nullable().describe('The run whose result this is'),
  })
  .meta({ id: 'StepRun' });
export type StepRun = z.infer<typeof StepRun>;

/** What starts runs when nobody asks for one. */
export const originKinds = ['schedule', 'trigger'] as const;
export const RunOrigin = z
  .object({
    kind: z.enum(originKinds),
    id: Id,
    slug: Slug,
    instant: Instant.nullable().describe('The moment it was for: the planned one of a schedule, which may lie before that of the start'),
  })
  .meta({ id: 'RunOrigin' });
export type RunOrigin = z.infer<typeof RunOrigin>;

export const RunSummary = z
  .object({
    id: Id,
    number: z.number().int().describe('Counts up in the order in which runs are made; gaps are possible'),
    flow: Slug,
    flowTitle: z.string(),
    kind: z.enum(['pipeline', 'report', 'job', 'color']),
    version: z.number().int().describe('Of a test, the revision of the draft'),
    draft: z.boolean().describe('A test of a draft, not of a published version'),
    state: RunState,
    parameters: z.record(z.string(), z.unknown()),
    startedBy: z.string().nullable().describe('E-mail of the person who started it, or for whom its schedule or trigger did; null when a role hides it'),
    origin: RunOrigin.nullable().describe('The schedule or trigger that started it; null when somebody did'),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    rowsIn: z.number().int().nullable().describe('Rows read by its sources'),
    rowsOut: z.number().int().nullable().describe('Rows written by its destinations'),
    rejected: z.number().int(),
    error: StoredErrorSchema.nullable(),
    rerunOf: Id.nullable(),
    parent: z
      .object({
        run: Id,
        step: RunStepId,
        item: z.number().int().describe('From 0'),
        value: z.unknown().describe('What it runs for, when its step has items; null for one of more than 2,000 characters'),
      })
      .nullable()
      .describe('The step that this run works for'),
    mode: RunMode,
    pausedAt: Instant.nullable(),
    held: z.boolean().describe('It has not begun because other runs of its flow, or of its backfill, go first'),
    output: z.record(z.string(), z.unknown()).nullable().describe('The outputs that its flow declares, once it has succeeded'),
  })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

export const Run = RunSummary.extend({
  steps: z.array(StepRun),
  priority: z.number().int().describe('Higher goes first; that of a step is added to it'),
  deadlineAt: Instant.nullable().describe('It is cancelled then: by the deadline it was started with, or the `timeout` of its flow, whichever is first'),
  lastEvent: z.number().int(),
  lastLog: z.number().int().describe('The number of its newest log line; lines are counted from 1'),
}).meta({ id: 'Run' });
export type Run = z.infer<typeof Run>;

export const runEventTypes = [
  'run.queued',
  'run.started',
  'run.succeeded',
  'run.failed',
  'run.cancelling',
  'run.cancelled',
  'run.held',
  'run.paused',
  'run.resumed',
  'step.ready',
  'step.started',
  'step.progressed',
  'step.waiting',
  'step.decided',
  'step.resumed',
  'step.retrying',
  'step.succeeded',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'step.compensated',
  'step.refused',
] as const;
export type RunEventType = (typeof runEventTypes)[number];

/**
 * One thing that happened in a run. `seq` counts up without gaps within the run, so a reader can resume after the last it saw.
 * `data` by type: run-events.ts.
 */
export const RunEvent = z
  .object({ run: Id, seq: z.number().int(), at: Instant, type: z.enum(runEventTypes), step: RunStepId.nullable(), data: z.record(z.string(), z.unknown()) })
  .meta({ id: 'RunEvent' });
export type RunEvent = z.infer<typeof RunEvent>;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const LogLine = z
  .object({
    run: Id,
    seq: z.number().int(),
    step: RunStepId.nullable(),
    attempt: z.number().int(),
    at: Instant,
    level: z.enum(logLevels),
    text: z.string(),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof LogLine>;
