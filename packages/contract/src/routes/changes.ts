// The change log: what was changed in the modules that people administer, and taking a change back. Every change is an audit entry.
import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

export const Change = z
  .object({
    id: Id.describe('Of the audit entry'),
    module: z.string(),
    at: Instant,
    action: z.string(),
    by: z.string(),
    object: z.object({ type: z.string(), id: z.string(), title: z.string() }),
    reverts: Id.nullable().describe('The change that this one took back'),
    revertedBy: Id.nullable().describe('The newest change that took this one back'),
    isNewest: z.boolean().describe('One of the newest four of its module'),
    revertible: z.boolean().describe('Whether this kind of change can be taken back; whether it still fits shows when it is tried'),
    obstacle: z.string().nullable().describe('Why this kind of change cannot be taken back'),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

export const ChangeDetail = Change.extend({ before: z.unknown(), after: z.unknown() }).meta({ id: 'ChangeDetail' });
export type ChangeDetail = z.infer<typeof ChangeDetail>;

export const listChangeModules = defineRoute({
  name: 'change.modules',
  method: 'GET',
  path: '/api/change-modules',
  tag: 'Change log',
  access: 'change.read',
  summary: 'The modules whose changes are logged, each with its newest four',
  response: z.array(z.object({ name: z.string(), title: z.string(), newest: z.array(Change) })),
});
export const listChanges = defineRoute({
  name: 'change.list',
  method: 'GET',
  path: '/api/changes',
  tag: 'Change log',
  access: 'change.read',
  summary: 'List changes, newest first',
  query: PageQuery.extend({
    module: z.string().max(50).optional(),
    objectId: z.string().max(100).optional(),
    by: z.string().max(200).optional().describe('Part of the name, or the whole id'),
  }),
  response: pageOf(Change),
});
export const showChange = defineRoute({
  name: 'change.show',
  method: 'GET',
  path: '/api/changes/{id}',
  tag: 'Change log',
  access: 'change.read',
  summary: 'Show a change with before and after',
  params: z.object({ id: Id }),
  response: ChangeDetail,
});
export const revertChange = defineRoute({
  name: 'change.revert',
  method: 'POST',
  path: '/api/changes/{id}/revert',
  tag: 'Change log',
  access: 'change.revert',
  summary: 'Take a change back; needs the permission of the change itself, too',
  description:
    'The newest four of each module can be taken back, and older ones as long as nothing else changed what they changed. It answers with the change that the revert itself is.',
  params: z.object({ id: Id }),
  response: Change,
});
