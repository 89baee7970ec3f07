// What is done to runs while they go on, and after: pause and resume, and running again from somewhere.
import { z } from 'zod';
import { Id, Instant, StepId } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { RunMode, RunSummary } from '../run.ts';
import { Deadline, Priority } from '../start-options.ts';

const idParam = z.object({ id: Id });

export const pauseRun = defineRoute({
  name: 'run.pause',
  method: 'POST',
  path: '/api/runs/{id}/pause',
  tag: 'Runs',
  access: 'run.cancel',
  status: 202,
  summary: 'Pause a run and every run below it',
  description: 'Steps that run end; nothing further begins until it is resumed. Again: nothing changes.',
  params: idParam,
  response: RunSummary,
});
export const resumeRun = defineRoute({
  name: 'run.resume',
  method: 'POST',
  path: '/api/runs/{id}/resume',
  tag: 'Runs',
  access: 'run.cancel',
  status: 202,
  summary: 'Let a paused run go on, with every run below it',
  params: idParam,
  response: RunSummary,
});

const RerunChoice = z.object({
  from: z
    .union([z.literal('failed'), StepId])
    .optional()
    .describe('`failed`: what did not succeed and what comes after it; or a step. Without it everything'),
  parameters: z.record(z.string(), z.unknown()).default({}).describe('Those that get another value'),
  mode: RunMode.optional().describe('As before when left out'),
  priority: Priority.optional(),
  deadline: Deadline.optional(),
});
export type RerunChoice = z.infer<typeof RerunChoice>;
export const Rerun = RerunChoice.extend({
  idempotencyKey: z.string().max(200).optional().describe('A second time with the same key, of the same run, answers with the run that the first one started'),
});
export type Rerun = z.infer<typeof Rerun>;

export const rerunRun = defineRoute({
  name: 'run.rerun',
  method: 'POST',
  path: '/api/runs/{id}/rerun',
  tag: 'Runs',
  access: 'flow.run',
  status: 201,
  summary: 'Run the same version again: whole, or from somewhere with the results before it taken over',
  description:
    'Whole, it has its own `now` and `today`; where results are taken over those of the earlier run stay, so that both halves speak of the same day. A step with runs below it that failed takes over those that succeeded.',
  params: idParam,
  body: Rerun.default({ parameters: {} }),
  response: RunSummary,
});

export const RerunPreview = z
  .object({
    again: z.array(z.object({ step: StepId, why: z.string() })),
    taken: z.array(z.object({ step: StepId, from: Id.nullable().describe('The run whose result it is; null for test data') })),
    itemsTaken: z.array(StepId).describe('Steps that run again, but take over what had succeeded below them'),
    frozen: z.object({ now: Instant, today: z.string() }).nullable().describe('What `now` and `today` stay, when results are taken over'),
    effects: z.array(StepId).describe('Steps among those that run again which change something outside'),
    parameters: z.record(z.string(), z.unknown()),
    parametersSchema: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'RerunPreview' });
export type RerunPreview = z.infer<typeof RerunPreview>;

export const previewRerun = defineRoute({
  name: 'run.previewRerun',
  method: 'POST',
  path: '/api/runs/{id}/rerun/preview',
  tag: 'Runs',
  access: 'flow.run',
  summary: 'Which steps would run again and which results would be taken over',
  params: idParam,
  body: RerunChoice.default({ parameters: {} }),
  response: RerunPreview,
});
