// What whoever starts a run may say beside its parameters.
import { z } from 'zod';
import { Instant, Slug } from './identifiers.ts';

export const Priority = z.number().int().min(-100).max(100).describe('Higher goes first among what waits for a worker');

export const Deadline = z
  .union([Instant, z.string().regex(/^(?:\d+(?:ms|s|m|h|d))+$/, 'must be an instant, or a duration like 30m or 2h')])
  .describe('When it is cancelled if it is not over: an instant, or a duration from its start like 30m');
export type Deadline = z.infer<typeof Deadline>;

/** At most so many rows in a request; larger test data comes from an uploaded file. */
export const mostTestRows = 10_000;

export const TestData = z
  .union([
    z.strictObject({ rows: z.array(z.record(z.string(), z.unknown())).min(1).max(mostTestRows) }),
    z.strictObject({ csv: z.string().min(1).max(1_000_000).describe('With a header line') }),
    z.strictObject({ file: Slug.describe('An uploaded file') }),
    z.strictObject({ value: z.unknown() }),
  ])
  .describe('What a step would have given: rows or a file for a table, a file, or a value');
export type TestData = z.infer<typeof TestData>;
