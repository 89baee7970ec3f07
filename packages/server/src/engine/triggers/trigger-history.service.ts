// What came to a trigger, and firing again for it.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { TriggerEvent, TriggerEventState } from '@tidewheel/contract/trigger';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { runObject } from '../runs/run-object.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { findFiring } from './firing.store.ts';
import { judge, ownerOf } from './firing.ts';
import { keepFirings } from './keep-firings.ts';
import { existingTrigger } from './trigger-access.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { type EventRow, findEvent, findRunObjects, pageEvents } from './trigger-events.store.ts';
import { triggerObject, viewEvent } from './trigger-view.ts';
import type { TriggerRow } from './triggers.store.ts';

export async function listEvents(
  deps: TriggerDeps,
  actor: Actor,
  { slug, ...query }: { slug: string; state?: TriggerEventState | undefined } & PageRequest,
): Promise<Page<TriggerEvent>> {
  requirePermission(actor, 'trigger.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
    const page = await pageEvents(trx, { trigger: row.id, ...query });
    return { ...page, items: await viewEvents(trx, actor, { trigger: row, events: page.items }) };
  });
}

/** Fires again for an event that is kept, by the settings of now and in the name of the owner. @throws NotFound, Conflict when nothing of it was kept */
export async function replayEvent(deps: TriggerDeps, actor: Actor, { slug, id }: { slug: string; id: string }): Promise<TriggerEvent> {
  requirePermission(actor, 'trigger.edit');
  const { trigger, event } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.edit' });
    requirePermission(actor, 'flow.run', triggerObject(row));
    const found = await findEvent(trx, { trigger: row.id, id });
    if (!found) throw unknownEvent(id);
    return { trigger: row, event: found };
  });
  if (!event.event)
    throw new Conflict('trigger.nothing_kept', 'Nothing was kept of this event, so it cannot fire again.', { hint: 'Let the sender send it again.' });
  const [firing] = await findFiring(deps.databases.enginePool, [trigger.id]);
  if (!firing) throw unknownEvent(id);
  const occurrence = { key: `replay ${newId()}`, title: event.title, event: event.event, files: event.files ?? [], depth: event.depth, replayOf: event.id };
  const judged = await judge(deps, firing, occurrence);
  const cancelling = await inTransaction(deps.databases.enginePool, (client) => keepFirings(client, { judged: [judged], queue: deps.queue }));
  for (const { run } of cancelling) await deps.starter.cancelBefore(ownerOf(firing), run);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx): Promise<TriggerEvent> => {
    const object = { type: 'trigger', id: trigger.id, title: slug };
    await recordAudit(trx, actor, { action: 'trigger.replayed', object, after: { event: event.id, state: judged.event.state, run: judged.event.run } });
    const made = (await findEvent(trx, { trigger: trigger.id, id: judged.event.id })) ?? event;
    const [shown] = await viewEvents(trx, actor, { trigger, events: [made] });
    return shown as TriggerEvent;
  });
}

async function viewEvents(
  trx: WorkspaceTransaction,
  actor: Actor,
  { trigger, events }: { trigger: TriggerRow; events: readonly EventRow[] },
): Promise<TriggerEvent[]> {
  const ids = trigger.kind === 'flow' ? [...new Set(events.flatMap((event) => endedRunOf(event) ?? []))] : [];
  const runs = new Map((ids.length === 0 ? [] : await findRunObjects(trx, ids)).map((run) => [run.id, runObject(run)]));
  const toldBy = (event: EventRow) => (trigger.kind === 'flow' ? (runs.get(endedRunOf(event) ?? '') ?? nothingKnown) : null);
  return events.map((row) => viewEvent(actor, { row, object: triggerObject(trigger), told: toldBy(row) }));
}

/** Of a run that is gone: whose rules speak of single flows does not see what is told of it. */
const nothingKnown: Attributes = { flow: '', folder: null, kind: '', startedBy: '' };

/** By the event that `occurrenceOf` made of it, or its key where that was too large to be kept. */
function endedRunOf({ key, event }: EventRow): string | undefined {
  const { run } = (event ?? {}) as { run?: { id?: unknown } };
  if (typeof run?.id === 'string') return run.id;
  return key.startsWith('run ') ? key.slice('run '.length) : undefined;
}

function unknownEvent(id: string): NotFound {
  return new NotFound('trigger.event_unknown', `There is no event ${id} of this trigger.`, { hint: 'See its events; old ones are removed after 90 days.' });
}
