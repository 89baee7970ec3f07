// How far a step is, as it says itself and as the engine completes it.
import { z } from 'zod';
import { progressUnits } from './progress-units.ts';

const count = z.number().nonnegative();

/** The `data` of the event `step.progressed`, and what a running step shows. */
export const StepProgress = z
  .object({
    bytes: count.optional(),
    rows: count.optional(),
    items: count.optional(),
    total: count.optional().describe('How much there is in all, in the unit `unit`'),
    unit: z.enum(progressUnits).optional().describe('What `total` counts'),
    percent: z.number().min(0).max(100).optional(),
    remainingMs: z.number().int().nonnegative().optional().describe('How long it will still take at the pace so far; left out while that is not known'),
    attempt: z.number().int().describe('The attempt that said so'),
  })
  .meta({ id: 'StepProgress' });
export type StepProgress = z.infer<typeof StepProgress>;
