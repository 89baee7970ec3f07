import { z } from 'zod';
import { Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { TargetGroup } from '../target.ts';

const tag = 'Targets';
const slugParam = z.object({ slug: Slug });
/** A condition over `target`: its name, os, address, transport, category, tags, groups (listed ones), facts, inMaintenance. */
const Query = z.string().min(1).max(4_000);
const GroupBody = z.strictObject({
  title: z.string().trim().min(1).max(200),
  description: z.string().max(4_000).default(''),
  query: Query.nullable().default(null).describe('Left out or null: hosts are put into it one by one'),
});

export const GroupPreview = z
  .object({
    members: z.number().int(),
    names: z.array(z.string()).describe('The first 200'),
    undecided: z.number().int(),
    reason: z.string().nullable().describe('Why the first of those was not decided'),
  })
  .meta({ id: 'TargetGroupPreview' });
export type GroupPreview = z.infer<typeof GroupPreview>;

export const listTargetGroups = defineRoute({
  name: 'targetGroup.list',
  method: 'GET',
  path: '/api/target-groups',
  tag,
  access: 'target.read',
  summary: 'List groups of hosts with how many are in each',
  query: PageQuery.extend({ search: z.string().max(200).optional() }),
  response: pageOf(TargetGroup),
});
export const showTargetGroup = defineRoute({
  name: 'targetGroup.show',
  method: 'GET',
  path: '/api/target-groups/{slug}',
  tag,
  access: 'target.read',
  summary: 'Show a group; its hosts are listed by target.list',
  params: slugParam,
  response: TargetGroup,
});
export const previewTargetGroup = defineRoute({
  name: 'targetGroup.preview',
  method: 'POST',
  path: '/api/target-group-previews',
  tag,
  access: 'target.read',
  summary: 'Which hosts a query finds now',
  body: z.strictObject({ query: Query }),
  response: GroupPreview,
});
export const createTargetGroup = defineRoute({
  name: 'targetGroup.create',
  method: 'POST',
  path: '/api/target-groups',
  tag,
  access: 'target.edit',
  status: 201,
  summary: 'Make a group: a list of hosts, or a query',
  body: GroupBody.extend({ slug: Slug }),
  response: TargetGroup,
});
export const updateTargetGroup = defineRoute({
  name: 'targetGroup.update',
  method: 'PUT',
  path: '/api/target-groups/{slug}',
  tag,
  access: 'target.edit',
  summary: 'Change a group; one with a list stays one with a list',
  params: slugParam,
  body: GroupBody,
  response: TargetGroup,
});
export const archiveTargetGroup = defineRoute({
  name: 'targetGroup.archive',
  method: 'DELETE',
  path: '/api/target-groups/{slug}',
  tag,
  access: 'target.edit',
  summary: 'Archive a group; its hosts stay',
  params: slugParam,
  response: TargetGroup,
});
