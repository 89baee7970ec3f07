// Many runs at once: a preview binds what will be touched, and is then carried out in batches.
import { z } from 'zod';
import { Id, Instant, Slug } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { RunMode, RunState, RunSummary } from '../run.ts';
import { Deadline, Priority } from '../start-options.ts';

export const bulkActions = ['cancel', 'pause', 'resume', 'rerun', 'replay', 'discard'] as const;
export const BulkAction = z.enum(bulkActions).describe('`replay` and `discard` are for dead letters');
export type BulkAction = z.infer<typeof BulkAction>;
/** One operation touches at most so many. */
export const mostInBulk = 10_000;
/** So many are done with each call. */
export const bulkBatch = 100;

export const BulkFilter = z.object({
  flow: Slug.optional(),
  state: RunState.optional(),
  kind: z.enum(['pipeline', 'report', 'job', 'color']).optional(),
  startedAfter: Instant.optional(),
  startedBefore: Instant.optional(),
  startedBy: z.string().max(320).optional(),
  code: z.string().max(200).optional().describe('Of the error'),
});
export type BulkFilter = z.infer<typeof BulkFilter>;

export const BulkSelection = z
  .object({
    action: BulkAction,
    ids: z.array(Id).min(1).max(mostInBulk).optional(),
    filter: BulkFilter.optional(),
    from: z.literal('failed').optional().describe('Of rerun: from what failed instead of whole'),
    comment: z.string().max(2_000).optional().describe('Of discard: why'),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), 'give either ids or a filter');
export type BulkSelection = z.infer<typeof BulkSelection>;

export const BulkPreview = z
  .object({
    id: Id.describe('Binds the operation to these runs; it can be carried out for 15 minutes'),
    action: BulkAction,
    total: z.number().int(),
    passedOver: z.number().int().describe('What was selected too, but to which the action does not apply'),
    sample: z.array(RunSummary).describe('The newest few'),
  })
  .meta({ id: 'BulkPreview' });
export type BulkPreview = z.infer<typeof BulkPreview>;

export const BulkOutcome = z
  .object({
    id: Id,
    action: BulkAction,
    total: z.number().int(),
    left: z.number().int().describe('Call again until it is 0'),
    results: z.array(
      z.object({
        run: Id,
        done: z.boolean(),
        started: Id.nullable().describe('The new run, where one was started'),
        code: z.string().nullable(),
        message: z.string().nullable().describe('Why it was refused'),
      }),
    ),
  })
  .meta({ id: 'BulkOutcome' });
export type BulkOutcome = z.infer<typeof BulkOutcome>;

export const previewBulk = defineRoute({
  name: 'run.previewBulk',
  method: 'POST',
  path: '/api/runs/bulk',
  tag: 'Runs',
  access: 'run.read',
  status: 201,
  summary: 'What an operation on many runs will touch',
  description: 'Nothing is touched yet. Each run is checked on its own when it is carried out: with the permission that doing it by hand takes.',
  body: BulkSelection,
  response: BulkPreview,
});
export const runBulk = defineRoute({
  name: 'run.bulk',
  method: 'POST',
  path: '/api/runs/bulk/{id}',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Carry out an operation on many runs, the next batch of it',
  description: 'Answers 409 `bulk.busy` while another call works on that batch. What a server that died had begun is done again, and starts nothing twice.',
  params: z.object({ id: Id }),
  response: BulkOutcome,
});

/** Starts at most so many. */
export const mostStarts = 1_000;
export const startMany = defineRoute({
  name: 'run.startMany',
  method: 'POST',
  path: '/api/flows/{slug}/runs/bulk',
  tag: 'Runs',
  access: 'flow.run',
  summary: 'Start a run of a flow for each set of parameters',
  params: z.object({ slug: Slug }),
  body: z.object({
    runs: z
      .array(z.object({ parameters: z.record(z.string(), z.unknown()).default({}), idempotencyKey: z.string().max(200).optional() }))
      .min(1)
      .max(mostStarts),
    mode: RunMode.optional(),
    priority: Priority.optional(),
    deadline: Deadline.optional(),
  }),
  response: z.array(
    z.object({
      run: Id.nullable(),
      number: z.number().int().nullable(),
      code: z.string().nullable(),
      message: z.string().nullable().describe('Why it was refused'),
    }),
  ),
});
