// What became, or would become, of many objects to which the same was done.
import { z } from 'zod';

/** More in one call would hold a transaction too long. */
export const mostChangedAtOnce = 10_000;

export const BulkResult = z
  .object({
    dryRun: z.boolean(),
    chosen: z.number().int().describe('Those that the choice means and the caller may change'),
    changed: z.number().int().describe('Of these, those that the action changes'),
    names: z.array(z.string()).describe('Those that it changes, the first 500'),
    refused: z.array(z.object({ name: z.string(), reason: z.string() })).describe('Those that it leaves alone, and why; the first 500'),
  })
  .meta({ id: 'BulkResult' });
export type BulkResult = z.infer<typeof BulkResult>;
