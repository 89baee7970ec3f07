// What became of each message, sending again what was given up, and the worker: shown, stopped, started.
import type { NotificationMessage, NotifierStatus } from '@tidewheel/contract/notify';
import type { Page } from '@tidewheel/contract/page';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { fieldState, maskedText, masksAny } from '../../../base/masked-view.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import { permittedRows } from '../../../storage/permitted-rows.ts';
import type { NotifyDeps } from '../ports.ts';
import { setStopped } from '../send/send.store.ts';
import { findMessages, type LogFilter, type LogRow, markResent } from './messages.store.ts';
import { readStatus } from './status.store.ts';

type Deps = Pick<NotifyDeps, 'databases'>;
/** Of a message alone: who started the run that it is about is not asked here. */
const flowColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind' };

export async function listMessages(
  { databases }: Deps,
  actor: Actor,
  query: PageRequest & Omit<LogFilter, 'permitted' | 'userId'>,
): Promise<Page<NotificationMessage>> {
  requirePermission(actor, 'channel.edit');
  const permitted = permittedRows(actor, 'run.read', flowColumns);
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => findMessages(trx, { ...query, permitted, userId: actor.userId }, query));
  return { ...page, items: page.items.map((row) => viewMessage(actor, row)) };
}

function viewMessage(actor: Actor, row: LogRow): NotificationMessage {
  const { address } = row;
  const how = masksAny(actor, 'user') ? fieldState(actor, { type: 'user', permission: 'user.read', object: {} }, 'email') : 'plain';
  return {
    id: row.id,
    event: row.event_id,
    kind: row.kind,
    severity: row.severity,
    title: row.title,
    flow: row.flow,
    rule: row.rule,
    channel: row.channel,
    to: address === null ? null : maskedText(how, address),
    state: row.state === 'handed' ? 'waiting' : row.state,
    reason: row.state === 'handed' ? 'in the mail outbox' : row.reason,
    attempts: row.attempts,
    dueAt: row.due_at?.toISOString() ?? null,
    sentAt: row.sent_at?.toISOString() ?? null,
    answer: row.answer,
    error: row.error,
    more: row.more,
    partOf: row.part_of,
    createdAt: row.created_at.toISOString(),
  };
}

export async function resendMessages({ databases }: Deps, actor: Actor, { ids }: { ids?: string[] | undefined }): Promise<{ resent: number }> {
  requirePermission(actor, 'channel.edit');
  const { workspaceId } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    const resent = await markResent(trx, { workspaceId, ids });
    if (resent > 0) await recordAudit(trx, actor, { action: 'notification.resent', object: null, after: { messages: resent, ids: ids ?? 'all' } });
    return { resent };
  });
}

export async function showNotifier({ databases }: Deps, actor: Actor): Promise<NotifierStatus> {
  requirePermission(actor, 'system.read');
  return readStatus(databases.engine);
}

/** Nothing is sent until somebody starts it again; events and messages wait. */
export async function stopNotifier(deps: Deps, actor: Actor): Promise<NotifierStatus> {
  requirePermission(actor, 'system.edit');
  return control(deps, actor, { stopped: true });
}

export async function startNotifier(deps: Deps, actor: Actor): Promise<NotifierStatus> {
  requirePermission(actor, 'system.edit');
  return control(deps, actor, { stopped: false });
}

async function control({ databases }: Deps, actor: Actor, { stopped }: { stopped: boolean }): Promise<NotifierStatus> {
  await databases.engine.transaction().execute(async (trx) => {
    await setStopped(trx, stopped ? actor.label : null);
    const object = { type: 'notification-worker', id: 'notification-worker', title: 'Notification worker' };
    await recordAudit(trx, actor, { action: stopped ? 'notification.stopped' : 'notification.started', object });
  });
  return readStatus(databases.engine);
}
