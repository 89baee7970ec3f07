// What an answer must be for the step to succeed.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { faultOfSchema, faultsBy } from './answer-schema.ts';

export const expectField = z
  .strictObject({
    status: z
      .array(z.number().int().min(100).max(599))
      .min(1)
      .max(50)
      .optional()
      .meta({ title: 'Status', description: 'Any of these; 200 to 299 when left out' }),
    where: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .meta({
        title: 'Condition',
        description: 'True of a good answer: `response.status`, `.headers`, `.body` (JSON, else text), `.ms`',
        field: 'expression',
        locals: ['response'],
        examples: ['response.body.state == "done"'],
      }),
    schema: z.record(z.string(), z.unknown()).optional().meta({ title: 'JSON Schema', description: 'Of the body', widget: 'json' }),
    maxMs: z
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ title: 'Longest time (ms)', description: 'From the first connection to the last byte, with all attempts' }),
  })
  .optional()
  .meta({ title: 'Expect' });
export type Expect = z.output<typeof expectField>;

export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  ms: number;
}

export function isExpectedStatus(expect: Expect, status: number): boolean {
  return expect?.status ? expect.status.includes(status) : status >= 200 && status < 300;
}

/** @throws InvalidInput for the first expectation that is not met; the status was looked at before */
export function requireExpected(expect: Expect, answered: Answered, ctx: Pick<StepContext, 'evaluate'>): void {
  if (expect?.maxMs !== undefined && answered.ms > expect.maxMs) throw unmet(`it took ${answered.ms} ms, and ${expect.maxMs} are expected at most`);
  if (expect?.schema !== undefined) {
    const faults = faultsBy(expect.schema, answered.body);
    if (faults.length > 0) throw unmet(`${faults[0]} (${faults.length} against the schema)`);
  }
  if (expect?.where === undefined) return;
  const found = ctx.evaluate(expect.where, { response: answered });
  if (found !== true) throw unmet(found === false ? `the condition ${expect.where} does not hold` : `the condition ${expect.where} is neither true nor false`);
}

/** A schema that cannot be read is found when the flow is saved. */
export function schemaFault(expect: Expect): string | undefined {
  return expect?.schema === undefined ? undefined : faultOfSchema(expect.schema);
}

function unmet(what: string): InvalidInput {
  return new InvalidInput('http.unexpected', `The answer is not what was expected: ${what}.`);
}
