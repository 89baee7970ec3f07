// The flow document: what people write in YAML and we keep. DESIGN 3.
import { z } from 'zod';
import { Folder, Slug, StepId } from './identifiers.ts';

/** The longest duration that can be written: a hundred years. */
export const mostDurationMs = 36_500 * 86_400_000;

const duration = z
  .string()
  .regex(/^(?:\d+(?:ms|s|m|h|d))+$/, 'must be a duration like 30s, 10m, 1h30m or 2d')
  .refine((text) => durationMs(text) <= mostDurationMs, 'must be at most 36500 days')
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
  jitter: z.number().min(0).max(1).default(0.2).describe('Each delay is longer by up to this share of it, by chance'),
  on: z
    .array(z.string().regex(/^[a-z0-9_.]+\*?$/, 'must be an error code, or its beginning followed by *'))
    .min(1)
    .max(50)
    .optional()
    .describe('Only errors with these codes; `http.*` stands for all that begin so. Without it: all that may pass by themselves'),
});
export type Retry = z.infer<typeof Retry>;

/** Where an edge begins: a step, or one branch of a step that chooses (`route.large`). */
const edge = z.string().regex(/^[a-z][a-zA-Z0-9_]*(?:\.[a-z][a-zA-Z0-9_]*)?$/, 'must be a step id, or a step id and one of its branches: route.large');

/** Runs the step once for each item, as a run of its own below this one. */
export const Each = z.strictObject({
  over: z.string().max(10_000).optional().describe('CEL that gives the list of items'),
  rows: StepId.optional().describe('Instead of `over`: the step whose rows are the items'),
  batch: z.number().int().min(1).max(100_000).optional().describe('Hand over so many items at once, as a list'),
  concurrency: z.number().int().min(1).max(1_000).default(10).describe('How many run at once'),
  waves: z
    .array(z.union([z.number().int().min(1).max(1_000_000), z.string().regex(/^(?:[1-9]|[1-9]\d|100)%$/, 'must be a number or a share like 10%')]))
    .min(1)
    .max(20)
    .optional()
    .describe(
      'So many first, then so many: `[1, 10%]` is one item, then a tenth of all at a time. The next wave begins when all before have ended, and none after more have failed than may',
    ),
  onFailure: z.enum(['continue', 'stop']).default('continue').describe('Whether further items begin after one has failed'),
  mayFail: z.number().int().min(0).default(0).describe('The step still succeeds when so many items failed'),
});
export type Each = z.infer<typeof Each>;

/** Runs the step again and again, each time as a run of its own below this one. */
export const Repeat = z.strictObject({
  until: z.string().max(10_000).describe('CEL; looked at after each time with `last` (its result) and `iteration` (from 0)'),
  most: z.number().int().min(1).max(10_000).default(100).describe('The step fails when the condition is still false after so many times'),
  delay: duration.default('0s').describe('Between two times'),
});
export type Repeat = z.infer<typeof Repeat>;

/** What undoes a step that succeeded, when its run fails or is cancelled. */
export const Undo = z.strictObject({
  use: z.string().min(1).max(100),
  with: z.record(z.string(), z.unknown()).default({}),
  retry: Retry.optional(),
  timeout: duration.optional(),
});
export type Undo = z.infer<typeof Undo>;

/** Shares something scarce: at most `slots` steps with the same key run at once, in the whole workspace, and begin at most at the given rate. */
export const Limit = z
  .strictObject({
    key: z.string().min(1).max(500).describe('Template; equal texts share, e.g. connection.trading or host-{{ item }}'),
    slots: z.number().int().min(1).max(10_000).optional(),
    rate: z
      .string()
      .regex(/^[1-9]\d{0,6}\/(?:\d+(?:ms|s|m|h|d))+$/, 'must be a number and a duration: 10/1m')
      .optional()
      .describe('How many may begin in a time, e.g. 10/1m; as many may begin at once after a pause'),
  })
  .refine(({ slots, rate }) => slots !== undefined || rate !== undefined, 'needs slots or a rate');
export type Limit = z.infer<typeof Limit>;

export const Resources = z.strictObject({
  memory: z
    .string()
    .regex(/^[1-9]\d{0,5}(?:MB|GB)$/, 'must be a size like 512MB or 4GB')
    .optional(),
  threads: z.number().int().min(1).max(256).optional(),
});
export type Resources = z.infer<typeof Resources>;

export const joins = ['all', 'any', 'taken'] as const;
export const occasions = ['success', 'failure', 'always'] as const;

export const Step = z.strictObject({
  use: z.string().min(1).max(100).describe('The step type, e.g. table.filter'),
  title: z.string().max(200).optional(),
  from: z
    .union([StepId, z.record(StepId, StepId)])
    .optional()
    .describe('Where its table or file comes from: a step, or named inputs'),
  after: z
    .union([edge, z.array(edge).min(1)])
    .optional()
    .describe('Steps that must have ended first; `route.large` is the branch large of the step route'),
  on: z
    .enum(occasions)
    .optional()
    .describe('Whether it runs when what it comes after succeeded (default), failed, or either way. Without `after`, failure and always mean the whole run'),
  join: z
    .union([z.enum(joins), z.number().int().min(1).max(5_000)])
    .optional()
    .describe('Of several steps before it: all (default), any, all that were taken (a skipped one does not count), or so many'),
  when: z.string().max(10_000).optional().describe('CEL; when it is false the step is skipped'),
  each: Each.optional(),
  repeat: Repeat.optional(),
  get steps(): z.ZodOptional<z.ZodRecord<typeof StepId, typeof Step>> {
    return z.record(StepId, Step).optional().describe('The steps of a flow.steps');
  },
  with: z.record(z.string(), z.unknown()).default({}).describe('The configuration of the step type'),
  retry: Retry.optional(),
  timeout: duration.optional(),
  mayFail: z.boolean().optional().describe('When it fails the run goes on, and does not fail for it'),
  undo: Undo.optional(),
  limit: z.union([Limit, z.array(Limit).min(1).max(5)]).optional(),
  resources: Resources.optional(),
  worker: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional()
    .describe('Runs only on workers with this tag'),
  priority: z.number().int().min(-100).max(100).optional(),
});
export type Step = z.infer<typeof Step>;

/** What a run of the flow gives to whoever started it. */
export const Output = z.strictObject({
  value: z.string().max(10_000).describe('CEL over the results of its steps'),
  type: z.enum([...parameterTypes, 'json']).default('json'),
  description: z.string().max(2_000).optional(),
});
export type Output = z.infer<typeof Output>;

export const overlapPolicies = ['queue', 'skip', 'cancelPrevious'] as const;
/** What happens to a run that is started while others of the flow are not over. */
export const Overlap = z.strictObject({
  policy: z.enum(overlapPolicies).default('queue'),
  most: z.number().int().min(1).max(1_000).default(1).describe('So many run at once'),
});
export type Overlap = z.infer<typeof Overlap>;

export const flowKinds = ['pipeline', 'report', 'job', 'color'] as const;
export const FlowKind = z.enum(flowKinds);
/** A document holds at most this many steps (those inside others counted), nested so deep, and its source at most this many bytes. */
export const flowLimits = { steps: 5_000, depth: 10, sourceBytes: 2_000_000 };

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
    outputs: z.record(StepId, Output).optional().describe('What a run gives to the step that started it, and shows when it has ended'),
    overlap: Overlap.optional().describe('Without it, runs of the flow do not mind one another'),
    timeout: duration.optional().describe('The whole run is cancelled after this'),
  })
  .meta({ id: 'FlowDocument' });
export type FlowDocument = z.infer<typeof FlowDocument>;
