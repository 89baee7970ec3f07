// The flow document: what people write in YAML and we keep. DESIGN 3.
import { z } from 'zod';
import { Folder, Slug, StepId } from './identifiers.ts';

const duration = z
  .string()
  .regex(/^(?:\d+(?:ms|s|m|h|d))+$/, 'must be a duration like 30s, 10m, 1h30m or 2d')
  .meta({ title: 'Duration', examples: ['30s', '10m', '1h30m'] });

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as the document writes it (`1h30m`). The text must have passed the schema. */
export function durationMs(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  return total;
}

export const parameterTypes = ['string', 'integer', 'number', 'boolean', 'date', 'datetime'] as const;

/**
 * A declared parameter. A `default` for a string is a template (`{{ CEL }}` inside text); for every other type a literal
 * of that type or, as text, a bare CEL expression over `today` and `now`.
 */
export const Parameter = z.strictObject({
  type: z.enum(parameterTypes),
  title: z.string().max(200).optional(),
  description: z.string().max(2_000).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  required: z.boolean().optional().describe('Default: true when there is no default'),
  choices: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(1_000)
    .optional(),
  pattern: z.string().max(500).optional().describe('RE2-style regular expression that the whole text must match'),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
export type Parameter = z.infer<typeof Parameter>;

export const Retry = z.strictObject({
  attempts: z.number().int().min(1).max(100).describe('How often in all, the first time included'),
  delay: duration.default('1s').describe('Before the second attempt'),
  factor: z.number().min(1).max(10).default(2).describe('Each further delay is this many times the one before'),
  maxDelay: duration.default('5m'),
});
export type Retry = z.infer<typeof Retry>;

export const Step = z.strictObject({
  use: z.string().min(1).max(100).describe('The step type, e.g. table.filter'),
  title: z.string().max(200).optional(),
  from: z
    .union([StepId, z.record(StepId, StepId)])
    .optional()
    .describe('Where its table or file comes from: a step, or named inputs'),
  after: z
    .union([StepId, z.array(StepId).min(1)])
    .optional()
    .describe('Steps that must have succeeded first'),
  when: z.string().max(10_000).optional().describe('CEL; when it is false the step is skipped'),
  with: z.record(z.string(), z.unknown()).default({}).describe('The configuration of the step type'),
  retry: Retry.optional(),
  timeout: duration.optional(),
  worker: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional()
    .describe('Runs only on workers with this tag'),
  priority: z.number().int().min(-100).max(100).optional(),
});
export type Step = z.infer<typeof Step>;

export const flowKinds = ['pipeline', 'report', 'job', 'color'] as const;
export const FlowKind = z.enum(flowKinds);
/** A document holds at most this many steps, and its source at most this many bytes. */
export const flowLimits = { steps: 5_000, sourceBytes: 2_000_000 };

export const FlowDocument = z
  .strictObject({
    flow: Slug,
    title: z.string().min(1).max(200),
    description: z.string().max(10_000).optional(),
    kind: FlowKind.default('pipeline'),
    folder: Folder.optional().describe('Where it is filed; permissions can be given by folder'),
    timeZone: z.string().default('UTC').describe('IANA zone; `now` and `today` are frozen in it when a run starts'),
    parameters: z.record(StepId, Parameter).default({}),
    steps: z.record(StepId, Step).refine((steps) => Object.keys(steps).length > 0, 'a flow needs at least one step'),
    timeout: duration.optional().describe('The whole run is cancelled after this'),
  })
  .meta({ id: 'FlowDocument' });
export type FlowDocument = z.infer<typeof FlowDocument>;

/** The named inputs of a step: `from: trades` is the single input named `input`. */
export function inputsOf(step: Step): Record<string, string> {
  if (step.from === undefined) return {};
  return typeof step.from === 'string' ? { input: step.from } : step.from;
}
export function afterOf(step: Step): string[] {
  if (step.after === undefined) return [];
  return typeof step.after === 'string' ? [step.after] : step.after;
}
/** Everything a step waits for, without repeats. */
export function predecessorsOf(step: Step): string[] {
  return [...new Set([...Object.values(inputsOf(step)), ...afterOf(step)])];
}
