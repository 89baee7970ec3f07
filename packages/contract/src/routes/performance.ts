// A flow run many times over, to learn how long its steps take and how many runs a minute it can do.
import { z } from 'zod';
import { Id, Instant, Slug, StepId } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { RunMode } from '../run.ts';
import { runSeries, SeriesConcurrency } from '../run-series.ts';

/** A performance test has at most so many runs. */
export const mostOfPerformanceTest = 1_000;

export const PerformanceOrder = z.object({
  runs: z.number().int().min(1).max(mostOfPerformanceTest).default(20),
  concurrency: SeriesConcurrency,
  mode: RunMode.default('dry').describe('dry: nothing outside is changed'),
  parameters: z.record(z.string(), z.unknown()).default({}).describe('The same for each run'),
});
export type PerformanceOrder = z.infer<typeof PerformanceOrder>;

/** Of durations, in milliseconds. */
export const Spread = z.object({ p50: z.number(), p95: z.number(), most: z.number() });
export type Spread = z.infer<typeof Spread>;

export const StepPerformance = z.object({
  step: StepId,
  use: z.string(),
  count: z.number().int().describe('How often it has ended'),
  failed: z.number().int(),
  retried: z.number().int().describe('Ends that took more than one attempt'),
  ms: Spread,
  share: z.number().describe('Of the time that all steps took together, 0 to 1'),
  rowsIn: z.number().nullable().describe('Of all runs together'),
  rowsOut: z.number().nullable(),
  rowsPerSecond: z.number().nullable().describe('Rows that came in, or where none did went out, by the time the step took'),
  before: z.number().nullable().describe('Its median in the test before; null when there is none'),
});
export type StepPerformance = z.infer<typeof StepPerformance>;

export const PerformanceTest = z
  .object({
    ...runSeries,
    version: z.number().int(),
    progress: z.object({
      total: z.number().int(),
      over: z.number().int(),
      failed: z.number().int(),
      cancelled: z.number().int(),
    }),
    runsPerMinute: z.number().nullable().describe('From the first begin to the last end; null before the first end'),
    ms: Spread.nullable().describe('How long the runs took that were not cancelled'),
    slowest: z.object({ run: Id, number: z.number().int(), ms: z.number() }).nullable(),
  })
  .meta({ id: 'PerformanceTest' });
export type PerformanceTest = z.infer<typeof PerformanceTest>;

export const PerformanceReport = PerformanceTest.extend({
  steps: z.array(StepPerformance).describe('Those that took the most time first'),
  before: z
    .object({ id: Id, version: z.number().int(), createdAt: Instant, ms: Spread })
    .nullable()
    .describe('The test of the same flow, in the same mode and with as many at once, that was done before'),
}).meta({ id: 'PerformanceReport' });
export type PerformanceReport = z.infer<typeof PerformanceReport>;

const idParam = z.object({ id: Id });
const tag = 'Performance';

export const startPerformanceTest = defineRoute({
  name: 'performance.start',
  method: 'POST',
  path: '/api/flows/{slug}/performance-tests',
  tag,
  access: 'flow.run',
  cost: 'expensive',
  status: 201,
  summary: 'Run a flow many times over and measure it',
  params: z.object({ slug: Slug }),
  body: PerformanceOrder,
  response: PerformanceReport,
});
export const listPerformanceTests = defineRoute({
  name: 'performance.list',
  method: 'GET',
  path: '/api/performance-tests',
  tag,
  access: 'run.read',
  summary: 'List performance tests, newest first',
  query: PageQuery.extend({ flow: Slug.optional() }),
  response: pageOf(PerformanceTest),
});
export const showPerformanceTest = defineRoute({
  name: 'performance.show',
  method: 'GET',
  path: '/api/performance-tests/{id}',
  tag,
  access: 'run.read',
  summary: 'Show what a performance test has measured so far, step by step',
  params: idParam,
  response: PerformanceReport,
});
export const cancelPerformanceTest = defineRoute({
  name: 'performance.cancel',
  method: 'POST',
  path: '/api/performance-tests/{id}/cancel',
  tag,
  access: 'run.cancel',
  status: 202,
  summary: 'Cancel what is left of a performance test',
  params: idParam,
  response: PerformanceReport,
});
