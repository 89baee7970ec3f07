// The verbs of triggers. The permission check is each function's first line.
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { RunState } from '@tidewheel/contract/run';
import type { Trigger, TriggerInput, TriggerKind, TriggerKindInfo } from '@tidewheel/contract/trigger';
import { z } from 'zod';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { existingTrigger } from './trigger-access.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { checkedConfig, refused } from './trigger-input.ts';
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

export async function listTriggers(deps: TriggerDeps, actor: Actor, query: store.TriggerFilter & PageRequest): Promise<Page<Trigger>> {
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
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true });
    if (row.paused_at) throw new Conflict('trigger.paused', `The trigger "${slug}" is paused already.`, { hint: 'Nothing needs to be done.' });
    await store.changeTrigger(trx, row.id, { paused_at: new Date(), paused_by: actor.label, lease_token: null, lease_until: null });
    await store.unwatch(trx, row.id);
    return { action: 'trigger.paused', before: undefined };
  });
}

export async function resumeTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true });
    if (!row.paused_at) throw new Conflict('trigger.active', `The trigger "${slug}" is active already.`, { hint: 'Nothing needs to be done.' });
    const next = looks(deps, row.kind) ? new Date() : null;
    await store.changeTrigger(trx, row.id, { paused_at: null, paused_by: null, next_look_at: next, failing_since: null, failures: 0, last_error: null });
    await watch(trx, actor, row);
    return { action: 'trigger.resumed', before: undefined };
  });
}

/** It starts nothing any more and its secret is forgotten; its history stays. */
export async function archiveTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  const { workspaceId } = actor;
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true });
    const gone = { credential_id: null, secret_set_at: null, secret_previous_until: null, secret_version: row.secret_version + 1 };
    await store.changeTrigger(trx, row.id, { archived_at: new Date(), lease_token: null, lease_until: null, next_look_at: null, ...gone });
    if (row.credential_id) await deps.vault.remove(trx, { workspaceId, credentialId: row.credential_id });
    await store.unwatch(trx, row.id);
    return { action: 'trigger.archived', before: row };
  });
}

/** Paused: what it would fire for may have changed meanwhile. */
export async function restoreTrigger(deps: TriggerDeps, actor: Actor, slug: string): Promise<Trigger> {
  requirePermission(actor, 'trigger.edit');
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit', lock: true, archived: true });
    if (!row.archived_at) throw new Conflict('trigger.not_archived', `The trigger "${slug}" is not archived.`, { hint: 'Nothing needs to be done.' });
    await store.changeTrigger(trx, row.id, { archived_at: null, paused_at: new Date(), paused_by: actor.label });
    return { action: 'trigger.restored', before: undefined };
  });
}

interface Done {
  action: 'trigger.created' | 'trigger.updated' | 'trigger.paused' | 'trigger.resumed' | 'trigger.archived' | 'trigger.restored';
  before: store.TriggerRow | undefined;
}

/** Does it, records it, and shows what is there then; all in one transaction. */
async function changed(deps: TriggerDeps, actor: Actor, slug: string, work: (trx: WorkspaceTransaction) => Promise<Done>): Promise<Trigger> {
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { action, before } = await work(trx);
    const after = await existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
    const isGone = action === 'trigger.archived';
    await recordAudit(trx, actor, {
      action,
      object: { type: 'trigger', id: after.id, title: slug },
      ...(before ? { before: auditView(before) } : {}),
      ...(isGone ? {} : { after: auditView(after) }),
    });
    return after;
  });
  return viewTrigger(actor, { row, origin: deps.origin() });
}

/** Settings only. */
export function auditView({ title, kind, flow, config, parameters, condition, owner_label }: store.TriggerRow) {
  return { title, kind, flow, config, parameters, condition, owner: owner_label };
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

function looks({ kinds }: TriggerDeps, kind: TriggerKind): boolean {
  return kinds.find((one) => one.kind === kind)?.how === 'look';
}

/** The settings that say what is looked at: when they change, what was remembered means nothing any more. */
function placeOf(config: Record<string, unknown>): string {
  return JSON.stringify(['connection', 'path', 'pattern', 'deep', 'mailbox', 'query', 'column', 'start'].map((name) => config[name]));
}

async function watch(
  trx: WorkspaceTransaction,
  actor: Actor,
  { id, kind, config }: { id: string; kind: TriggerKind; config: Record<string, unknown> },
): Promise<void> {
  if (kind !== 'flow') return;
  const { flows, outcomes } = config as { flows: string[]; outcomes: RunState[] };
  const mayWatch: store.Watched['mayWatch'] = (flow) => may(actor, 'run.read', flow);
  const found = await store.setWatched(trx, { workspaceId: actor.workspaceId, trigger: id, flows, states: outcomes, mayWatch });
  const missing = flows.filter((slug) => !found.includes(slug));
  if (missing.length > 0) throw refused([{ path: 'config.flows', message: `there is no flow ${missing.join(', ')}`, severity: 'error' }]);
}
