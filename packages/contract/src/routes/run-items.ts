// What the items of a step gave, put together by what is the same: 197 hosts said this, 3 something else.
import { z } from 'zod';
import { Id, StepId } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { RunState } from '../run.ts';

export const ComparedItem = z.object({
  run: Id,
  number: z.number().int(),
  item: z.number().int().describe('Counted from 0'),
  label: z.string().describe('What it ran for: a text, the `name` of a map, else its place'),
});

export const ItemGroup = z.object({
  state: RunState,
  count: z.number().int(),
  value: z.unknown().describe('What all of them gave, without the fields `target` and `ms`; cut when it is long'),
  isCut: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable().describe('Of one of them'),
  items: z.array(ComparedItem).describe('The first 50'),
});
export type ItemGroup = z.infer<typeof ItemGroup>;

export const ItemComparison = z
  .object({
    step: StepId,
    total: z.number().int(),
    open: z.number().int().describe('Have not ended yet; they are in no group'),
    fields: z.array(z.string()).describe('Of what they gave: any of them can be compared by itself'),
    field: z.string().nullable(),
    different: z.number().int().describe('So many groups there are'),
    groups: z.array(ItemGroup).describe('The largest first; at most 100'),
    isHidden: z.boolean().describe('A role keeps what they gave from you'),
  })
  .meta({ id: 'ItemComparison' });
export type ItemComparison = z.infer<typeof ItemComparison>;

export const compareItems = defineRoute({
  name: 'run.compareItems',
  method: 'GET',
  path: '/api/runs/{id}/steps/{step}/compare',
  tag: 'Runs',
  access: 'run.read',
  summary: 'What the items of a step gave, put together by what is the same',
  params: z.object({ id: Id, step: StepId }),
  query: z.object({ field: z.string().min(1).max(200).optional().describe('Compare only this field of what they gave') }),
  response: ItemComparison,
});
