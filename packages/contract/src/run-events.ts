// What each type of event of a run says in its `data`.
import { z } from 'zod';
import { Decision } from './approval.ts';
import { Id, Instant } from './identifiers.ts';
import { type RunEvent, type RunEventType, StoredErrorSchema, WaitKind } from './run.ts';
import { StepProgress } from './step-progress.ts';
import { RowCounts } from './values.ts';

const attempt = z.number().int().describe('Which attempt of the step, from 1');
const reason = z.string().describe('Why, in words');
const by = z.string().describe('Who asked for it');
const nothing = z.strictObject({});

const entered = z.strictObject({ startedBy: z.string().nullable().describe('Who or what started the run; null when a role hides it') });
const totals = z.strictObject({
  rowsIn: z.number().int().nullable().describe('Rows read by its sources'),
  rowsOut: z.number().int().nullable().describe('Rows written by its destinations'),
  rejected: z.number().int().describe('Rows that did not get through'),
  error: StoredErrorSchema.optional().describe('Of the first step that failed, or of the outputs of the flow'),
});
const asked = z.strictObject({ by, forced: z.boolean().optional().describe('Asked a second time: nothing is cleaned up after it') });
const switched = z.strictObject({ by, reason: reason.optional() });
const begun = z.strictObject({ attempt, worker: z.string().describe('The id of the worker that has it') });
const ended = z.strictObject({
  attempt,
  ms: z.number().describe('How long this attempt took'),
  startedAt: Instant.optional().describe('Of a step that began within the same commit: then it has no step.started'),
  worker: z.string().optional().describe('With `startedAt`: the id of the worker that had it'),
  counts: RowCounts.partial().optional(),
  reason: reason.optional(),
  error: StoredErrorSchema.optional(),
});

/** The `data` of each type of event. Later versions may add fields, and types: a reader passes over what it does not know. */
export const runEventData = {
  'run.queued': entered,
  'run.held': entered,
  'run.started': nothing,
  'run.succeeded': totals.extend({ takenOverFrom: Id.optional().describe('It did not run: its results are those of this run') }),
  'run.failed': totals,
  'run.cancelling': asked,
  'run.cancelled': z.union([totals, asked]),
  'run.paused': switched,
  'run.resumed': switched,
  'step.ready': nothing,
  'step.started': begun,
  'step.progressed': StepProgress.partial({ attempt: true }),
  'step.waiting': z.strictObject({
    attempt,
    kind: WaitKind,
    reason,
    name: z.string().optional().describe('Of a signal or a callback'),
    until: Instant.optional().describe('When it goes on at the latest'),
  }),
  'step.decided': z.strictObject({
    by: z.string().describe('Who decided'),
    onBehalfOf: z.string().nullable().describe('Who lent him the right to'),
    decision: Decision,
    approved: z.number().int().describe('How many have approved'),
    quorum: z.number().int().describe('How many must'),
  }),
  'step.resumed': begun.extend({
    by: z.enum(['time', 'answer']).describe('What ended the wait'),
    who: z.string().nullable().describe('Who answered'),
  }),
  'step.retrying': z.strictObject({ attempt, at: Instant.describe('When the next attempt is due'), reason, error: StoredErrorSchema.nullable() }),
  'step.succeeded': ended,
  'step.failed': ended,
  'step.skipped': z.union([ended, z.strictObject({ reason })]),
  'step.cancelled': ended,
  'step.compensated': z.strictObject({ by: z.string().describe('The step that undid it') }),
  'step.refused': z.strictObject({ reason, worker: z.string().describe('The id of the worker whose result came too late') }),
} satisfies Record<RunEventType, z.ZodType>;

export type RunEventData = { [T in RunEventType]: z.output<(typeof runEventData)[T]> };

/** When each is told: one sentence for the reference. */
export const runEventTexts: Record<RunEventType, string> = {
  'run.queued': 'It was started and waits for a worker',
  'run.held': 'It was started and waits until other runs of its flow, or of its backfill, are over',
  'run.started': 'Its first step begins',
  'run.succeeded': 'It ended well',
  'run.failed': 'It ended, and a step failed that may not',
  'run.cancelling': 'Somebody asked for its end, and something of it still runs or is cleaned up after',
  'run.cancelled': 'It ended because somebody or a deadline asked for it',
  'run.paused': 'It was paused: what runs ends, nothing further begins',
  'run.resumed': 'It was let go on',
  'step.ready': 'It waits for a worker. Not told at present: the state of the step says it',
  'step.started': 'An attempt begins',
  'step.progressed': 'How far it is',
  'step.waiting': 'It holds no worker and waits for a time, a signal, a callback, an approval or the runs below it',
  'step.decided': 'Somebody approved or rejected what it waits for',
  'step.resumed': 'It goes on after a wait',
  'step.retrying': 'An attempt failed and another will be made',
  'step.succeeded': 'It ended well',
  'step.failed': 'It failed for good',
  'step.skipped': 'It will not run in this run',
  'step.cancelled': 'It was ended before its end',
  'step.compensated': 'What it did was undone',
  'step.refused': 'A worker that had been given up came back with a result; it was not taken',
};

/** The `data` of an event of this type. It is not validated again: the server's tests see to it that what is written fits. */
export function dataOf<T extends RunEventType>(event: RunEvent, type: T): RunEventData[T] | null {
  return event.type === type ? (event.data as unknown as RunEventData[T]) : null;
}
