// The same done to many flows, or only shown to which.
import { z } from 'zod';
import { BulkResult, mostChangedAtOnce } from '../bulk-result.ts';
import { FlowKind } from '../flow-document.ts';
import { Folder } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

export const FlowFilter = z.object({
  kind: FlowKind.optional(),
  folder: Folder.optional().describe('Of this folder and those below it'),
  search: z.string().max(200).optional(),
  archived: z.boolean().optional().describe('The archived ones instead'),
});
export type FlowFilter = z.infer<typeof FlowFilter>;

/** Flows by name, or all that a filter shows. */
export const FlowChoice = z
  .strictObject({ names: z.array(z.string().min(1).max(63)).min(1).max(mostChangedAtOnce).optional(), filter: z.strictObject(FlowFilter.shape).optional() })
  .refine(({ names, filter }) => (names === undefined) !== (filter === undefined), 'give either names or a filter')
  .meta({ id: 'FlowChoice' });
export type FlowChoice = z.infer<typeof FlowChoice>;

export const flowActions = ['on', 'off', 'archive', 'restore'] as const;
export const FlowAction = z
  .discriminatedUnion('do', [
    z.strictObject({ do: z.enum(['on', 'archive', 'restore']) }),
    z.strictObject({ do: z.literal('off'), reason: z.string().trim().min(1).max(1_000).describe('Told to everybody who would start them') }),
  ])
  .meta({ id: 'FlowAction' });
export type FlowAction = z.infer<typeof FlowAction>;

export const changeFlows = defineRoute({
  name: 'flow.bulk',
  method: 'POST',
  path: '/api/flow-bulk',
  tag: 'Flows',
  access: 'flow.edit',
  cost: 'expensive',
  summary: 'Switch off or on, archive or restore many flows, or show which',
  description: 'Each that changes has an entry of its own, and can be taken back alone. What is archived is only restored.',
  body: z.strictObject({ choice: FlowChoice, action: FlowAction, dryRun: z.boolean().default(false) }),
  response: BulkResult,
});
