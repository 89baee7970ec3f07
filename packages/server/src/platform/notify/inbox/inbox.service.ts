// What each person reads, and how he wants to be told: his own alone, so being signed in is all that it takes.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Severity } from '@tidewheel/contract/notification';
import type { InboxItem, NotificationPreferences } from '@tidewheel/contract/notify';
import { NotificationPreferences as PreferencesSchema } from '@tidewheel/contract/notify';
import type { Page } from '@tidewheel/contract/page';
import type { Actor } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import { permittedRows } from '../../../storage/permitted-rows.ts';
import { standardPreferences } from '../built-in.ts';
import { tellInboxes } from '../dispatch/messages.store.ts';
import type { NotifyDeps } from '../ports.ts';
import { refused } from '../settings/channel-input.ts';
import { findPreference, savePreference } from '../settings/settings.store.ts';
import { aboutRunColumns, countUnread, findInbox, type InboxRow, markRead } from './messages.store.ts';
import { preferenceFaults } from './preference-faults.ts';

type Deps = Pick<NotifyDeps, 'databases'>;

function personOf({ userId }: Actor): string {
  if (userId !== null) return userId;
  throw new NotAllowed('inbox.person', 'Notifications are kept for people with an account.', {});
}

const permittedTo = (actor: Actor) => permittedRows(actor, 'run.read', aboutRunColumns);

export async function listInbox(
  { databases }: Deps,
  actor: Actor,
  query: PageRequest & { unread?: boolean | undefined; severity?: Severity | undefined; flow?: string | undefined },
): Promise<Page<InboxItem>> {
  const userId = personOf(actor);
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => findInbox(trx, { ...query, userId, permitted: permittedTo(actor) }, query));
  return { ...page, items: page.items.map(viewItem) };
}

export async function countInbox({ databases }: Deps, actor: Actor): Promise<{ unread: number }> {
  personOf(actor);
  return { unread: await inWorkspace(databases.app, actor.workspaceId, (trx) => unreadOf(trx, actor)) };
}

function unreadOf(trx: WorkspaceTransaction, actor: Actor): Promise<number> {
  return countUnread(trx, { userId: personOf(actor), permitted: permittedTo(actor) });
}

/** Without ids: all of them. The other pages that he has open hear of it. */
export async function readInbox({ databases }: Deps, actor: Actor, { ids }: { ids?: string[] | undefined }): Promise<{ unread: number }> {
  const userId = personOf(actor);
  const { workspaceId } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    await markRead(trx, { workspaceId, userId, ids });
    await tellInboxes(trx, { workspaceId, users: [userId] });
    return { unread: await unreadOf(trx, actor) };
  });
}

export async function showPreferences({ databases }: Deps, actor: Actor): Promise<NotificationPreferences> {
  const userId = personOf(actor);
  const { workspaceId } = actor;
  const found = await inWorkspace(databases.app, workspaceId, (trx) => findPreference(trx, { workspaceId, userId }));
  return found === undefined ? standardPreferences : PreferencesSchema.parse(found);
}

/** @throws InvalidInput with faults by path */
export async function savePreferences({ databases }: Deps, actor: Actor, content: NotificationPreferences): Promise<NotificationPreferences> {
  const userId = personOf(actor);
  const { workspaceId } = actor;
  await inWorkspace(databases.app, workspaceId, async (trx) => {
    const before = await findPreference(trx, { workspaceId, userId });
    const faults = await preferenceFaults(trx, actor, { before: before ?? standardPreferences, after: content });
    if (faults.length > 0) throw refused(faults, 'notification_preferences.invalid');
    await savePreference(trx, { workspaceId, userId, content });
    const object = { type: 'notification-preferences', id: userId, title: actor.label };
    await recordAudit(trx, actor, { action: 'notification.preferences_changed', object, before: before ?? standardPreferences, after: content });
  });
  return content;
}

export function viewItem(row: InboxRow): InboxItem {
  return {
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    title: row.title,
    text: row.text,
    object: objectOf(row),
    flow: row.flow,
    more: row.more,
    at: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
  };
}

function objectOf({ approval, object_type: type, object_id: id }: InboxRow): InboxItem['object'] {
  if (approval !== null) return { type: 'approval', id: approval };
  return type === null || id === null ? null : { type, id };
}
