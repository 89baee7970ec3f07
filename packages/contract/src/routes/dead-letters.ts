// Runs that failed for good and that nobody has seen to yet.
import { z } from 'zod';
import { Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { RunState, RunStepId, RunSummary } from '../run.ts';

export const deadLetterStates = ['open', 'replaying', 'resolved', 'discarded'] as const;
export const DeadLetterState = z.enum(deadLetterStates);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

export const DeadLetter = z
  .object({
    id: Id.describe('Of the run that failed first'),
    run: Id.describe('The newest one that failed'),
    number: z.number().int(),
    flow: Slug,
    flowTitle: z.string(),
    state: DeadLetterState,
    code: z.string().describe('Of the error'),
    message: z.string().nullable(),
    step: RunStepId.nullable().describe('The step that failed first'),
    attempts: z.number().int().describe('How often that step was tried in that run'),
    at: Instant,
    startedBy: z.string().nullable(),
    replays: z.number().int(),
    replay: z.object({ run: Id, number: z.number().int(), state: RunState }).nullable().describe('The newest one'),
    ended: z.object({ at: Instant, by: z.string(), comment: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

const idParam = z.object({ id: Id });

export const listDeadLetters = defineRoute({
  name: 'deadLetter.list',
  method: 'GET',
  path: '/api/dead-letters',
  tag: 'Dead letters',
  access: 'run.read',
  summary: 'List runs that failed for good, newest first',
  query: PageQuery.extend({
    state: DeadLetterState.default('open'),
    flow: Slug.optional(),
    code: z.string().max(200).optional(),
    since: Instant.optional(),
  }),
  response: pageOf(DeadLetter),
});
export const showDeadLetter = defineRoute({
  name: 'deadLetter.show',
  method: 'GET',
  path: '/api/dead-letters/{id}',
  tag: 'Dead letters',
  access: 'run.read',
  summary: 'Show a dead letter',
  params: idParam,
  response: DeadLetter,
});
export const replayDeadLetter = defineRoute({
  name: 'deadLetter.replay',
  method: 'POST',
  path: '/api/dead-letters/{id}/replay',
  tag: 'Dead letters',
  access: 'flow.run',
  status: 201,
  summary: 'Run it again from what failed; when that succeeds it is resolved',
  params: idParam,
  response: RunSummary,
});
export const discardDeadLetter = defineRoute({
  name: 'deadLetter.discard',
  method: 'POST',
  path: '/api/dead-letters/{id}/discard',
  tag: 'Dead letters',
  access: 'run.cancel',
  summary: 'Take note that nothing will be done about it',
  params: idParam,
  body: z.object({ comment: z.string().min(1).max(2_000) }),
  response: DeadLetter,
});
