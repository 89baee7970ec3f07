// A flow run for every date of a range, so many at once.
import { z } from 'zod';
import { Id, Slug, StepId } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { RunMode } from '../run.ts';
import { runSeries, SeriesConcurrency } from '../run-series.ts';

/** A backfill has at most so many runs. */
export const mostOfBackfill = 1_000;

export const backfillSteps = ['day', 'weekday', 'week', 'month'] as const;
export const BackfillRange = z.object({
  parameter: StepId.describe('A parameter of the type date'),
  from: z.iso.date(),
  to: z.iso.date().describe('The last one'),
  every: z.enum(backfillSteps).default('day').describe('weekday: Monday to Friday; week and month: counted from the first date'),
  parameters: z.record(z.string(), z.unknown()).default({}).describe('The others, the same for each run'),
  skipSucceeded: z.boolean().default(false).describe('Leave out dates for which a run has succeeded'),
  mode: RunMode.default('normal'),
  concurrency: SeriesConcurrency,
});
export type BackfillRange = z.infer<typeof BackfillRange>;

export const BackfillPreview = z
  .object({
    runs: z.number().int().describe('How many would be started'),
    dates: z.array(z.iso.date()),
    succeeded: z.array(z.iso.date()).describe('Those of the range for which a run has succeeded'),
    medianMs: z.number().nullable().describe('How long the newest runs of the flow took; null when none has succeeded'),
    expectedMs: z.number().nullable().describe('How long all of it will take'),
    concurrency: z.number().int(),
  })
  .meta({ id: 'BackfillPreview' });
export type BackfillPreview = z.infer<typeof BackfillPreview>;

export const Backfill = z
  .object({
    ...runSeries,
    parameter: StepId,
    from: z.iso.date(),
    to: z.iso.date(),
    every: z.enum(backfillSteps),
    progress: z.object({
      total: z.number().int(),
      waiting: z.number().int(),
      running: z.number().int(),
      succeeded: z.number().int(),
      failed: z.number().int(),
      cancelled: z.number().int(),
    }),
    failed: z.array(z.object({ run: Id, number: z.number().int(), date: z.string() })).describe('The first 100 that failed'),
  })
  .meta({ id: 'Backfill' });
export type Backfill = z.infer<typeof Backfill>;

const slugParam = z.object({ slug: Slug });
const idParam = z.object({ id: Id });

export const previewBackfill = defineRoute({
  name: 'backfill.preview',
  method: 'POST',
  path: '/api/flows/{slug}/backfills/preview',
  tag: 'Backfills',
  access: 'flow.run',
  summary: 'How many runs a backfill would start, and how long it would take',
  params: slugParam,
  body: BackfillRange,
  response: BackfillPreview,
});
export const startBackfill = defineRoute({
  name: 'backfill.start',
  method: 'POST',
  path: '/api/flows/{slug}/backfills',
  tag: 'Backfills',
  access: 'flow.run',
  status: 201,
  summary: 'Run a flow for every date of a range',
  params: slugParam,
  body: BackfillRange,
  response: Backfill,
});
export const listBackfills = defineRoute({
  name: 'backfill.list',
  method: 'GET',
  path: '/api/backfills',
  tag: 'Backfills',
  access: 'run.read',
  summary: 'List backfills, newest first',
  query: PageQuery.extend({ flow: Slug.optional() }),
  response: pageOf(Backfill),
});
export const showBackfill = defineRoute({
  name: 'backfill.show',
  method: 'GET',
  path: '/api/backfills/{id}',
  tag: 'Backfills',
  access: 'run.read',
  summary: 'Show a backfill and how far it is',
  params: idParam,
  response: Backfill,
});
export const cancelBackfill = defineRoute({
  name: 'backfill.cancel',
  method: 'POST',
  path: '/api/backfills/{id}/cancel',
  tag: 'Backfills',
  access: 'run.cancel',
  status: 202,
  summary: 'Cancel what is left of a backfill',
  params: idParam,
  response: Backfill,
});
