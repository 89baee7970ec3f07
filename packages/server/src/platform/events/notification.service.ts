// Notification events as somebody may see them, and raising one. Sending them to people is another matter (docs/live.md).
import { type NotificationEvent, notificationLimits, type Severity } from '@tidewheel/contract/notification';
import type { Page } from '@tidewheel/contract/page';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { everyHour } from '../../base/in-rounds.ts';
import type { Logger } from '../../base/logger.ts';
import { fieldState, maskedText, masksAny } from '../../base/masked-view.ts';
import { storable, storableJson } from '../../base/text.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import * as store from './notification.store.ts';

export interface NotificationDeps {
  databases: Databases;
}

export interface Raised {
  kind: string;
  severity: Severity;
  title: string;
  text?: string | undefined;
  object?: { type: string; id: string } | undefined;
  data: Record<string, unknown>;
  idempotencyKey?: string | undefined;
}

/** The second time with the same key nothing new is raised. */
export async function raiseNotification({ databases }: NotificationDeps, actor: Actor, raised: Raised): Promise<NotificationEvent> {
  requirePermission(actor, 'notification.raise');
  const { workspaceId } = actor;
  const row = await inWorkspace(databases.app, workspaceId, async (trx) => {
    const id = await store.insertNotification(trx, {
      workspaceId,
      id: newId(),
      kind: raised.kind,
      severity: raised.severity,
      title: storable(raised.title),
      text: raised.text === undefined ? null : storable(raised.text),
      object: raised.object ? { type: storable(raised.object.type), id: storable(raised.object.id) } : null,
      data: storableJson(raised.data),
      raisedBy: actor.label,
      idempotencyKey: raised.idempotencyKey === undefined ? null : storable(raised.idempotencyKey),
    });
    return store.readNotifications(trx, [id]);
  });
  return viewNotification(actor, row[0] as store.NotificationRow);
}

export async function listNotifications(
  { databases }: NotificationDeps,
  actor: Actor,
  query: PageRequest & Omit<store.NotificationFilter, 'permitted' | 'userId' | 'seesColors'>,
): Promise<Page<NotificationEvent>> {
  requirePermission(actor, 'notification.read');
  const permitted = {
    itself: permittedRows(actor, 'notification.read', store.notificationColumns),
    run: permittedRows(actor, 'run.read', store.aboutRunColumns),
  };
  const seen = { permitted, userId: actor.userId, seesColors: may(actor, 'color.read') };
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => store.findNotifications(trx, { ...query, ...seen }, query));
  return { ...page, items: page.items.map((row) => viewNotification(actor, row)) };
}

/** The same as `permitted` of the list, of one row in hand. */
export function maySee(actor: Actor, row: store.NotificationRow): boolean {
  const { flow, folder, flow_kind: kind, started_by: startedBy } = row;
  if (!may(actor, 'notification.read', { flow, folder, kind })) return false;
  if (row.only_for !== null && row.only_for !== actor.userId) return false;
  if (row.kind === 'color.matched' && !may(actor, 'color.read')) return false;
  return flow === null || may(actor, 'run.read', { flow, folder, kind, startedBy });
}

export function viewNotification(actor: Actor, row: store.NotificationRow): NotificationEvent {
  return {
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    title: row.title,
    text: row.text,
    object: row.object_type === null || row.object_id === null ? null : { type: row.object_type, id: row.object_id },
    flow: row.flow,
    data: row.data,
    raisedBy: masksAny(actor, 'user')
      ? maskedText(fieldState(actor, { type: 'user', permission: 'user.read', object: {} }, 'email'), row.raised_by)
      : row.raised_by,
    at: row.at.toISOString(),
  };
}

/** Removes what is older than it is kept. @returns how to end it */
export function startNotificationRetention({ databases, log }: { databases: Pick<Databases, 'engine'>; log: Logger }): () => Promise<void> {
  return everyHour({
    work: () => removeOld(databases),
    failed: (error) => log.warn({ err: error }, 'old notification events could not be removed; trying again in an hour'),
  });
}

async function removeOld({ engine }: Pick<Databases, 'engine'>): Promise<void> {
  while ((await store.removeOldNotifications(engine, notificationLimits.keepDays)) > 0);
}
