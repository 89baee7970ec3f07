// The only SQL of reading messages: what each person was told in the pages, and the log of all.
import type { Severity } from '@tidewheel/contract/notification';
import type { MessageState } from '@tidewheel/contract/notify';
import type { Page } from '@tidewheel/contract/page';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';

const newestFirst: Sort = { name: 'newest', keys: [{ column: 'message.id', type: 'uuid', direction: 'desc' }] };

export interface InboxFilter {
  userId: string;
  unread?: boolean | undefined;
  severity?: Severity | undefined;
  flow?: string | undefined;
  /** What is about a flow is for who may see its runs. */
  permitted: Expression<SqlBool>;
}

function inbox(trx: WorkspaceTransaction, { userId, permitted }: Pick<InboxFilter, 'userId' | 'permitted'>) {
  return (
    trx
      .selectFrom('notification_message as message')
      .leftJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'message.workspace_id').onRef('flow.id', '=', 'message.flow_id'))
      .leftJoin('notification_event as event', (join) =>
        join.onRef('event.workspace_id', '=', 'message.workspace_id').onRef('event.id', '=', 'message.event_id'),
      )
      // By its key: a comparison as text would read every run there is.
      .leftJoin('run', (join) =>
        join
          .onRef('run.workspace_id', '=', 'event.workspace_id')
          .on(sql<SqlBool>`run.id = case when event.object_type = 'run' and event.flow_id is not null then event.object_id::uuid end`),
      )
      .where('message.via', '=', 'inbox')
      .where('message.state', '=', 'sent')
      .where('message.user_id', '=', userId)
      .where((is) => is.or([is('message.flow_id', 'is', null), permitted]))
  );
}

/** What rules can say of the run that a message is about, by the column that holds it. */
export const aboutRunColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind', startedBy: 'run.started_by' };

const shown = [
  'message.id',
  'message.kind',
  'message.severity',
  sql<string>`coalesce(message.shown_title, message.title)`.as('title'),
  sql<string>`coalesce(message.shown_text, message.text)`.as('text'),
  'message.more',
  'message.created_at',
  'message.read_at',
  'event.object_type',
  'event.object_id',
  // Whoever is asked wants to decide: the run is one link away from there.
  sql<string | null>`case when event.kind = 'approval.opened' then event.data ->> 'approval' end`.as('approval'),
  'flow.slug as flow',
] as const;

function selection(trx: WorkspaceTransaction, filter: InboxFilter) {
  let query = inbox(trx, filter).select(shown);
  if (filter.unread !== undefined) query = query.where('message.read_at', filter.unread ? 'is' : 'is not', null);
  if (filter.severity) query = query.where('message.severity', '=', filter.severity);
  if (filter.flow) query = query.where('flow.slug', '=', filter.flow);
  return query;
}
export type InboxRow = Awaited<ReturnType<ReturnType<typeof selection>['execute']>>[number];

export function findInbox(trx: WorkspaceTransaction, filter: InboxFilter, page: PageRequest): Promise<Page<InboxRow>> {
  return readPage({ db: trx, query: selection(trx, filter), sort: newestFirst, page });
}

const mostCounted = 1_000;

/** Up to a thousand: more are shown as such. */
export async function countUnread(trx: WorkspaceTransaction, filter: Pick<InboxFilter, 'userId' | 'permitted'>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (${inbox(trx, filter)
    .where('message.read_at', 'is', null)
    .select('message.id')
    .limit(mostCounted)}) as unread`.execute(trx);
  return rows[0]?.count ?? 0;
}

export async function markRead(
  trx: WorkspaceTransaction,
  { workspaceId, userId, ids }: { workspaceId: string; userId: string; ids?: readonly string[] | undefined },
): Promise<void> {
  let query = trx
    .updateTable('notification_message')
    .set({ read_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .where('via', '=', 'inbox')
    .where('state', '=', 'sent')
    .where('read_at', 'is', null);
  if (ids) query = query.where('id', 'in', ids.length === 0 ? [null as unknown as string] : ids);
  await query.execute();
}

export interface LogFilter {
  state?: MessageState | undefined;
  channel?: string | undefined;
  to?: string | undefined;
  flow?: string | undefined;
  event?: string | undefined;
  /** Who looks: what is for one person alone has no title for others. */
  userId: string | null;
  permitted: Expression<SqlBool>;
}

const privateTitle = 'For its recipient alone';

export function findMessages(trx: WorkspaceTransaction, filter: LogFilter, page: PageRequest) {
  let query = trx
    .selectFrom('notification_message as message')
    .leftJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'message.workspace_id').onRef('flow.id', '=', 'message.flow_id'))
    .leftJoin('notification_event as event', (join) => join.onRef('event.workspace_id', '=', 'message.workspace_id').onRef('event.id', '=', 'message.event_id'))
    .select([
      'message.id',
      'message.event_id',
      'message.kind',
      'message.severity',
      sql<string>`case when event.only_for is null or event.only_for = ${filter.userId}::uuid then message.title else ${privateTitle} end`.as('title'),
      'flow.slug as flow',
      'message.rule',
      'message.channel',
      'message.address',
      'message.state',
      'message.reason',
      'message.attempts',
      'message.due_at',
      'message.sent_at',
      'message.answer',
      'message.error',
      'message.more',
      'message.part_of',
      'message.created_at',
    ])
    .where((is) => is.or([is('message.flow_id', 'is', null), filter.permitted]));
  if (filter.state) query = query.where('message.state', 'in', filter.state === 'waiting' ? ['waiting', 'handed'] : [filter.state]);
  if (filter.channel) query = query.where('message.channel', '=', filter.channel);
  if (filter.to) query = query.where('message.address', '=', filter.to.toLowerCase());
  if (filter.flow) query = query.where('flow.slug', '=', filter.flow);
  if (filter.event) query = query.where('message.event_id', '=', filter.event);
  return readPage({ db: trx, query, sort: newestFirst, page });
}
export type LogRow = Awaited<ReturnType<typeof findMessages>>['items'][number];

/** What was given up, once more from the first attempt. @returns how many */
export async function markResent(
  trx: WorkspaceTransaction,
  { workspaceId, ids }: { workspaceId: string; ids?: readonly string[] | undefined },
): Promise<number> {
  let query = trx
    .updateTable('notification_message')
    .set({ state: 'waiting', attempts: 0, due_at: sql<Date>`now()`, error: null, created_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('state', '=', 'failed');
  if (ids) query = query.where('id', 'in', ids);
  const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** What there is to watch and mute. */
export function findFlows(trx: WorkspaceTransaction, workspaceId: string): Promise<{ slug: string; folder: string | null; kind: string }[]> {
  return trx.selectFrom('flow').select(['slug', 'folder', 'kind']).where('workspace_id', '=', workspaceId).execute();
}
