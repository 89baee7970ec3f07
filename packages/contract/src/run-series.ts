// Many runs of one flow that somebody started together: a backfill, a performance test.
import { z } from 'zod';
import { Id, Instant, Slug } from './identifiers.ts';
import { RunMode } from './run.ts';

export const SeriesConcurrency = z.number().int().min(1).max(100).default(1).describe('So many run at once; a flow with an `overlap` keeps that');

/** What is said of each such series, whatever it is for. */
export const runSeries = {
  id: Id,
  flow: Slug,
  flowTitle: z.string(),
  mode: RunMode,
  concurrency: z.number().int(),
  createdBy: z.string().nullable().describe('Null when a role hides it'),
  createdAt: Instant,
  state: z.enum(['running', 'done', 'cancelled']),
  cancelled: z.object({ at: Instant, by: z.string() }).nullable(),
};
