// What starts runs when something happens: webhooks, files, rows, mails and the ends of other runs.
import { z } from 'zod';
import { BulkResult, mostChangedAtOnce } from '../bulk-result.ts';
import { Id, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Trigger, TriggerEvent, TriggerEventState, TriggerInput, TriggerKind, TriggerKindInfo, TriggerTest, triggerHealths } from '../trigger.ts';

const slugParam = z.object({ slug: Slug });

export const TriggerFilter = z.object({
  flow: Slug.optional(),
  kind: TriggerKind.optional(),
  health: z.enum(triggerHealths).optional(),
  search: z.string().max(200).optional().describe('In name or title'),
});
export type TriggerFilter = z.infer<typeof TriggerFilter>;

/** Triggers by name, or all that a filter shows; archived ones by name only. */
export const TriggerChoice = z
  .strictObject({ names: z.array(z.string().min(1).max(63)).min(1).max(mostChangedAtOnce).optional(), filter: z.strictObject(TriggerFilter.shape).optional() })
  .refine(({ names, filter }) => (names === undefined) !== (filter === undefined), 'give either names or a filter')
  .meta({ id: 'TriggerChoice' });
export type TriggerChoice = z.infer<typeof TriggerChoice>;

export const triggerActions = ['resume', 'pause', 'archive', 'restore'] as const;
export const TriggerAction = z.strictObject({ do: z.enum(triggerActions) }).meta({ id: 'TriggerAction' });
export type TriggerAction = z.infer<typeof TriggerAction>;

export const listTriggerKinds = defineRoute({
  name: 'trigger.kinds',
  method: 'GET',
  path: '/api/trigger-kinds',
  tag: 'Triggers',
  access: 'trigger.read',
  summary: 'List the kinds of triggers with their schemas',
  response: z.array(TriggerKindInfo),
});
export const listTriggers = defineRoute({
  name: 'trigger.list',
  method: 'GET',
  path: '/api/triggers',
  tag: 'Triggers',
  access: 'trigger.read',
  summary: 'List triggers',
  query: PageQuery.extend(TriggerFilter.shape),
  response: pageOf(Trigger),
});
export const showTrigger = defineRoute({
  name: 'trigger.show',
  method: 'GET',
  path: '/api/triggers/{slug}',
  tag: 'Triggers',
  access: 'trigger.read',
  summary: 'Show a trigger and how it is',
  params: slugParam,
  response: Trigger,
});
export const createTrigger = defineRoute({
  name: 'trigger.create',
  method: 'POST',
  path: '/api/triggers',
  tag: 'Triggers',
  access: 'trigger.edit',
  status: 201,
  summary: 'Make a trigger; it is active at once, and starts runs in the name of whoever made it',
  description: 'Needs `flow.run` on its flow too. A webhook has no secret yet and takes nothing until `trigger.setSecret` gave it one.',
  body: TriggerInput.extend({ slug: Slug, flow: Slug, kind: TriggerKind, paused: z.boolean().default(false).describe('Made, but not active yet') }),
  response: Trigger,
});
export const updateTrigger = defineRoute({
  name: 'trigger.update',
  method: 'PUT',
  path: '/api/triggers/{slug}',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Change a trigger; whoever changes it is its owner then',
  params: slugParam,
  body: TriggerInput,
  response: Trigger,
});
export const pauseTrigger = defineRoute({
  name: 'trigger.pause',
  method: 'POST',
  path: '/api/triggers/{slug}/pause',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Pause a trigger: a webhook refuses what comes, the others look again when they go on',
  params: slugParam,
  response: Trigger,
});
export const resumeTrigger = defineRoute({
  name: 'trigger.resume',
  method: 'POST',
  path: '/api/triggers/{slug}/resume',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Let a paused trigger go on; one that looks does so at once',
  params: slugParam,
  response: Trigger,
});
export const archiveTrigger = defineRoute({
  name: 'trigger.archive',
  method: 'DELETE',
  path: '/api/triggers/{slug}',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Archive a trigger: it starts nothing any more, its secret is forgotten, its history stays',
  params: slugParam,
  response: Trigger,
});
export const restoreTrigger = defineRoute({
  name: 'trigger.restore',
  method: 'POST',
  path: '/api/triggers/{slug}/restore',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Restore an archived trigger, paused',
  params: slugParam,
  response: Trigger,
});
export const changeTriggers = defineRoute({
  name: 'trigger.bulk',
  method: 'POST',
  path: '/api/trigger-bulk',
  tag: 'Triggers',
  access: 'trigger.edit',
  cost: 'expensive',
  summary: 'Let many triggers go on, pause, archive or restore them, or show which',
  description: 'What `resume`, `pause` and `archive` find archived, and `restore` does not, stays as it is. In whose name they start runs stays, too.',
  body: z.strictObject({ choice: TriggerChoice, action: TriggerAction, dryRun: z.boolean().default(false) }),
  response: BulkResult,
});
export const setTriggerSecret = defineRoute({
  name: 'trigger.setSecret',
  method: 'POST',
  path: '/api/triggers/{slug}/secret',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Give a webhook a new secret, shown this once; the one before counts for a while',
  params: slugParam,
  body: z.object({
    secret: z.string().min(16).max(500).optional().describe('One that the sender made up; a new one is made otherwise'),
    overlapHours: z.number().min(0).max(720).default(24).describe('For so long the secret before counts too'),
  }),
  response: z.object({ secret: z.string(), trigger: Trigger }),
});
export const testTrigger = defineRoute({
  name: 'trigger.test',
  method: 'POST',
  path: '/api/triggers/{slug}/test',
  cost: 'expensive',
  tag: 'Triggers',
  access: 'trigger.edit',
  summary: 'Say what a trigger would fire for now, without firing',
  description: 'A webhook answers with a call to try; what it brings stands in the events of the trigger.',
  params: slugParam,
  response: TriggerTest,
});
export const listTriggerEvents = defineRoute({
  name: 'trigger.events',
  method: 'GET',
  path: '/api/triggers/{slug}/events',
  tag: 'Triggers',
  access: 'trigger.read',
  summary: 'List what came to a trigger, newest first, and what became of it',
  params: slugParam,
  query: PageQuery.extend({ state: TriggerEventState.optional() }),
  response: pageOf(TriggerEvent),
});
export const replayTriggerEvent = defineRoute({
  name: 'trigger.replay',
  method: 'POST',
  path: '/api/triggers/{slug}/events/{id}/replay',
  tag: 'Triggers',
  access: 'trigger.edit',
  status: 202,
  summary: 'Fire again for an event that came before, by the settings of now',
  params: slugParam.extend({ id: Id }),
  response: TriggerEvent,
});
export const receiveHook = defineRoute({
  name: 'trigger.receive',
  method: 'POST',
  path: '/api/hooks/{id}',
  cost: 'own',
  tag: 'Triggers',
  access: 'open',
  status: 202,
  summary: 'Call a webhook',
  description:
    'Needs no account, but the secret of the trigger in the way it was set up: Standard Webhooks, an HMAC in a header, a bearer token, or a name and password. 202: the run is recorded. 200: the same call came before, or the run is over and its outputs are here.',
  params: z.object({ id: z.string().max(100) }),
  query: z.looseObject({}).describe('Handed on as `event.query`'),
  body: z.unknown(),
  bodyType: '*/*',
  response: z.object({
    event: Id,
    run: Id.nullable().describe('Null when the condition of the trigger was false'),
    number: z.number().int().nullable(),
    duplicate: z.boolean(),
    state: z.string().nullable().describe('Of the run, when the trigger waits for its end'),
    output: z.record(z.string(), z.unknown()).nullable(),
  }),
});
