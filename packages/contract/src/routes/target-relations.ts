// What leads from host to host: what one depends on, and the way in through others.
import { z } from 'zod';
import { Id } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { targetParam, targetStates } from '../target.ts';

const tag = 'Targets';

/** More than these are no drawing any more. */
export const mostRelatedTargets = 150;

export const RelatedTarget = z
  .object({
    id: Id,
    name: z.string(),
    title: z.string(),
    state: z.enum(targetStates),
    distance: z.number().int().describe('Steps from the host that was asked for, whichever way they lead'),
  })
  .meta({ id: 'RelatedTarget' });
export type RelatedTarget = z.infer<typeof RelatedTarget>;

export const TargetRelation = z
  .object({ from: z.string(), to: z.string(), kind: z.enum(['dependsOn', 'via']).describe('`from` depends on `to`, or is reached through it') })
  .meta({ id: 'TargetRelation' });
export type TargetRelation = z.infer<typeof TargetRelation>;

export const TargetNeighbourhood = z
  .object({
    hosts: z.array(RelatedTarget).describe('The host itself first'),
    relations: z.array(TargetRelation).describe('All that there are between these hosts'),
    left: z.number().int().describe(`Hosts that are related too and not shown: at most ${mostRelatedTargets} are`),
  })
  .meta({ id: 'TargetNeighbourhood' });
export type TargetNeighbourhood = z.infer<typeof TargetNeighbourhood>;

export const TargetHub = z
  .object({
    name: z.string(),
    title: z.string(),
    state: z.enum(targetStates),
    dependsOn: z.number().int(),
    neededBy: z.number().int(),
    jumpFor: z.number().int(),
    via: z.string().nullable(),
  })
  .meta({ id: 'TargetHub' });
export type TargetHub = z.infer<typeof TargetHub>;

export const showTargetRelations = defineRoute({
  name: 'target.relations',
  method: 'GET',
  path: '/api/targets/{target}/relations',
  tag,
  access: 'target.read',
  summary: 'Show which hosts a host leads to, and which lead to it',
  description: 'Hosts that the caller may not read are left out, and nothing behind them is found.',
  params: targetParam,
  query: z.object({ depth: z.coerce.number().int().min(1).max(3).default(2).describe('How many steps away') }),
  response: TargetNeighbourhood,
});
export const listTargetHubs = defineRoute({
  name: 'target.hubs',
  method: 'GET',
  path: '/api/target-relations',
  tag,
  access: 'target.read',
  summary: 'List the hosts that have relations, those with the most first',
  query: z.object({ search: z.string().max(200).optional().describe('Part of the name'), limit: z.coerce.number().int().min(1).max(200).default(50) }),
  response: z.object({ items: z.array(TargetHub), total: z.number().int().describe('Hosts with any relation') }),
});
