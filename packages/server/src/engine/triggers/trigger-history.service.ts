// What came to a trigger, and firing again for it.

import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { TriggerEvent, TriggerEventState } from '@tidewheel/contract/trigger';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { findFiring } from './firing.store.ts';
import { judge, ownerOf } from './firing.ts';
import { keepFirings } from './keep-firings.ts';
import { existingTrigger } from './trigger-access.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { type EventRow, findEvent, pageEvents } from './trigger-events.store.ts';
import { triggerObject, viewEvent } from './trigger-view.ts';

export async function listEvents(
  deps: TriggerDeps,
  actor: Actor,
  { slug, ...query }: { slug: string; state?: TriggerEventState | undefined } & PageRequest,
): Promise<Page<TriggerEvent>> {
  requirePermission(actor, 'trigger.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existingTrigger(trx, actor, { slug, permission: 'trigger.read' });
    const page = await pageEvents(trx, { trigger: row.id, ...query });
    return { ...page, items: page.items.map((event) => viewEvent(actor, { row: event, object: triggerObject(row) })) };
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
  const judged = await judge(deps.starter, firing, occurrence);
  const cancelling = await inTransaction(deps.databases.enginePool, (client) => keepFirings(client, { judged: [judged], queue: deps.queue }));
  for (const { run } of cancelling) await deps.starter.cancelBefore(ownerOf(firing), run);
  const made = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx): Promise<EventRow> => {
    const object = { type: 'trigger', id: trigger.id, title: slug };
    await recordAudit(trx, actor, { action: 'trigger.replayed', object, after: { event: event.id, state: judged.event.state, run: judged.event.run } });
    return (await findEvent(trx, { trigger: trigger.id, id: judged.event.id })) ?? event;
  });
  return viewEvent(actor, { row: made, object: triggerObject(trigger) });
}

function unknownEvent(id: string): NotFound {
  return new NotFound('trigger.event_unknown', `There is no event ${id} of this trigger.`, { hint: 'See its events; old ones are removed after 90 days.' });
}
