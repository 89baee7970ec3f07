// The verbs of triggers. The permission check is each function's first line.
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { TriggerAction, TriggerFilter } from '@tidewheel/contract/routes/triggers';
import type { Trigger, TriggerInput, TriggerKind, TriggerKindInfo } from '@tidewheel/contract/trigger';
import { z } from 'zod';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { existingTrigger } from './trigger-access.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { checkedConfig } from './trigger-input.ts';
import { auditView, changesBy, looks, turnIn, watch } from './trigger-states.ts';
import { viewTrigger } from './trigger-view.ts';
import * as store from './triggers.store.ts';

export interface NewTrigger extends TriggerInput {
  slug: string;
  flow: string;
  kind: TriggerKind;
  paused: boolean;
}

export function listTriggerKinds({ kinds }: TriggerDeps, actor: Actor): TriggerKindInfo[] {
  requirePermission(actor, 'trigger.read');
  const schema = (of: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(of, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return kinds.map(({ kind, title, icon, description, config, event, examples }) => ({
    kind: kind as TriggerKind,
    title,
    icon,
    description,
    config: schema(config, 'input'),
    event: schema(event, 'output'),
    examples: examples as TriggerKindInfo['examples'],
  }));
}

export async function listTriggers(deps: TriggerDeps, actor: Actor, query: TriggerFilter & PageRequest): Promise<Page<Trigger>> {
  requirePermission(actor, 'trigger.read');
  const permitted = permittedRows(actor, 'trigger.read', store.triggerColumns);
  const page = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.findTriggers(trx, { ...query, permitted }, query));
  return { ...page, items: page.items.map((row) => viewTrigger(actor, { row, origin: deps.origin() })) };
}

export async function showTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.read');
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => existingTrigger(trx, actor, { slug, permission: 'trigger.read' }));
  return viewTrigger(actor, { row, origin: deps.origin() });
}

/** @throws InvalidInput with faults by path, Conflict when the slug is taken, NotFound for the flow */
export async function createTrigger(deps: TriggerDeps, actor: Actor, input: NewTrigger): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  const { slug, kind, paused } = input;
  const flow = await runnableFlow(deps, actor, input.flow);
  const config = await checkedConfig(deps, actor, { ...flow, kind, input });
  return changed(deps, actor, slug, async (trx) => {
    const id = newId();
    const made = await store.insertTrigger(trx, {
      workspace_id: actor.workspaceId,
      id,
      slug,
      kind,
      flow_id: flow.flowId,
      ...columnsOf(input, config),
      owner_id: actor.userId,
      owner_label: actor.label,
      paused_at: paused ? new Date() : null,
      paused_by: paused ? actor.label : null,
      next_look_at: looks(deps, kind) ? new Date() : null,
    });
    if (!made)
      throw new Conflict('trigger.exists', `There is a trigger "${slug}" already, or an archived one.`, { hint: 'Choose another name, or restore that one.' });
    if (!paused) await watch(trx, actor, { id, kind, config });
    return { action: 'trigger.created', before: undefined };
  });
}

/** Whoever changes it is its owner: its runs start in his name from now on. @throws as createTrigger */
export async function updateTrigger(deps: TriggerDeps, actor: Actor, { slug, ...input }: TriggerInput & { slug: string }): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  const known = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => existingTrigger(trx, actor, { slug, permission: 'trigger.edit' }));
  const flow = await runnableFlow(deps, actor, known.flow);
  const config = await checkedConfig(deps, actor, { ...flow, kind: known.kind, input });
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true });
    const beginsAnew = placeOf(row.config) !== placeOf(config);
    if (beginsAnew) await store.forgetSeen(trx, row.id);
    await store.changeTrigger(trx, row.id, {
      ...columnsOf(input, config),
      owner_id: actor.userId,
      owner_label: actor.label,
      // Whoever looks now does so by settings that no longer hold.
      lease_token: null,
      lease_until: null,
      next_look_at: looks(deps, row.kind) ? new Date() : null,
      ...(beginsAnew ? { memory: null, note: null, failing_since: null, failures: 0, last_error: null } : {}),
    });
    if (!row.paused_at) await watch(trx, actor, { id: row.id, kind: row.kind, config });
    return { action: 'trigger.updated', before: row };
  });
}

export async function pauseTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return turned(deps, actor, { slug, to: 'pause', stands: ['trigger.paused', 'is paused already'] });
}

export async function resumeTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return turned(deps, actor, { slug, to: 'resume', stands: ['trigger.active', 'is active already'] });
}

export async function archiveTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return turned(deps, actor, { slug, to: 'archive', stands: ['trigger.archived', 'is archived already'] });
}

export async function restoreTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return turned(deps, actor, { slug, to: 'restore', stands: ['trigger.not_archived', 'is not archived'] });
}

async function turned(
  deps: TriggerDeps,
  actor: Actor,
  { slug, to: verb, stands: [code, words] }: { slug: string; to: TriggerAction['do']; stands: [code: string, words: string] },
): Promise<Trigger> {
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const before = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true, archived: verb === 'restore' });
    if (!changesBy(before, verb)) throw new Conflict(code, `The trigger "${slug}" ${words}.`, { hint: 'Nothing needs to be done.' });
    await turnIn({ deps, trx, actor }, { row: before, verb });
    return existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
  });
  return viewTrigger(actor, { row, origin: deps.origin() });
}

interface Done {
  action: 'trigger.created' | 'trigger.updated';
  before: store.TriggerRow | undefined;
}

/** Does it, records it, and shows what is there then; all in one transaction. */
async function changed(deps: TriggerDeps, actor: Actor, slug: string, work: (trx: WorkspaceTransaction) => Promise<Done>): Promise<Trigger> {
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { action, before } = await work(trx);
    const after = await existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
    const object = { type: 'trigger', id: after.id, title: slug };
    await recordAudit(trx, actor, { action, object, ...(before ? { before: auditView(before) } : {}), after: auditView(after) });
    return after;
  });
  return viewTrigger(actor, { row, origin: deps.origin() });
}

/** The flow, which the actor may run and whose triggers he may change. @throws NotFound, NotAllowed, Conflict while it cannot start */
async function runnableFlow(deps: TriggerDeps, actor: Actor, slug: string) {
  const flow = await deps.starter.find(actor, slug);
  requirePermission(actor, 'trigger.edit', flow.owner);
  return { ...flow, flow: slug };
}

function columnsOf({ title, parameters, condition }: TriggerInput, config: Record<string, unknown>) {
  return { title: storable(title), config: JSON.stringify(config), parameters: JSON.stringify(parameters), condition };
}

/** The settings that say what is looked at: when they change, what was remembered means nothing any more. */
function placeOf(config: Record<string, unknown>): string {
  return JSON.stringify(['connection', 'path', 'pattern', 'deep', 'mailbox', 'query', 'column', 'start'].map((name) => config[name]));
}
