// What changed between two flow documents, by meaning: comments, order and spacing of the text play no part.
import { z } from 'zod';

export const diffKinds = ['added', 'removed', 'changed'] as const;

/** One value. `before` is left out of what was added, `after` of what was removed. */
export const ValueChange = z.object({
  path: z.string().describe('Dotted within what changed: `title`, `with.where`, `retry.attempts`; lists are compared whole'),
  kind: z.enum(diffKinds),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type ValueChange = z.infer<typeof ValueChange>;

export const EdgeChange = z.object({
  kind: z.enum(['added', 'removed']),
  as: z.enum(['from', 'after']),
  input: z.string().nullable().describe('The name of the input; null for `after`'),
  step: z.string().describe('The step that it comes from; for what was removed, by its id before'),
});
export type EdgeChange = z.infer<typeof EdgeChange>;

export const StepChange = z.object({
  kind: z.enum([...diffKinds, 'renamed']).describe('`renamed`: another id, the same content'),
  step: z.string().describe('Its id; that of before when it was removed'),
  was: z.string().nullable().describe('Its id before, when it was renamed'),
  use: z.string(),
  changes: z.array(ValueChange).describe('Of a changed step'),
  edges: z.array(EdgeChange).describe('Of a changed step'),
});
export type StepChange = z.infer<typeof StepChange>;

export const ParameterChange = z.object({ kind: z.enum(diffKinds), name: z.string(), changes: z.array(ValueChange) });
export type ParameterChange = z.infer<typeof ParameterChange>;

export const FlowDiff = z
  .object({
    document: z.array(ValueChange).describe('Title, description, kind, folder, time zone, timeout'),
    parameters: z.array(ParameterChange),
    steps: z.array(StepChange).describe('In the order of the newer document, then those that were removed'),
  })
  .meta({ id: 'FlowDiff' });
export type FlowDiff = z.infer<typeof FlowDiff>;

export const TextHunk = z.object({
  before: z.number().int().describe('The first line of the hunk in the older text, from 1'),
  after: z.number().int().describe('The same in the newer text'),
  lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
});
export type TextHunk = z.infer<typeof TextHunk>;

/** Lines with three around each change. */
export const TextDiff = z.object({ added: z.number().int(), removed: z.number().int(), hunks: z.array(TextHunk) }).meta({ id: 'TextDiff' });
export type TextDiff = z.infer<typeof TextDiff>;

export function isSameFlow({ document, parameters, steps }: FlowDiff): boolean {
  return document.length + parameters.length + steps.length === 0;
}
