// problem+json (RFC 9457), the one shape in which the API reports an error.
import { z } from 'zod';

/** One fault in a document or body. `path` is dotted, as the author would write it: `steps.clean.use`. */
export const Fault = z.object({
  path: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  line: z.number().int().optional().describe('1-based line in the source text, where there is one'),
  severity: z.enum(['error', 'warning']).default('error'),
});
export type Fault = z.infer<typeof Fault>;

export const Problem = z
  .object({
    type: z.string().describe('urn:tidewheel:error:<code>'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('Stable and dotted, e.g. flow.cycle'),
    hint: z.string().optional().describe('What to do next'),
    instance: z.string().optional().describe('The request id; quote it when you ask for help'),
    faults: z.array(Fault).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
