// The only SQL of notification events outside of the engine's commit, which writes those of runs.
import type { Severity } from '@tidewheel/contract/notification';
import type { Page } from '@tidewheel/contract/page';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import { notificationChannel } from '../../storage/notification-record.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

/** What rules can say of one, by the column that holds it. */
export const notificationColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind' };
/** The same for the run that one is about. */
export const aboutRunColumns = { ...notificationColumns, startedBy: 'run.started_by' };

const newestFirst: Sort = { name: 'newest', keys: [{ column: 'event.id', type: 'uuid', direction: 'desc' }] };

export interface NotificationFilter {
  kind?: string | undefined;
  severity?: Severity | undefined;
  since?: string | undefined;
  /** permittedRows over the columns above. What is about a run is for who may see that run. */
  permitted: { itself: Expression<SqlBool>; run: Expression<SqlBool> };
  /** Whose own are among them. */
  userId: string | null;
  seesColors: boolean;
}

function from(reader: Reader) {
  return reader
    .selectFrom('notification_event as event')
    .leftJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'event.workspace_id').onRef('flow.id', '=', 'event.flow_id'))
    .leftJoin('run', (join) =>
      join
        .onRef('run.workspace_id', '=', 'event.workspace_id')
        .on('event.object_type', '=', 'run')
        .on('event.flow_id', 'is not', null)
        .on(sql<SqlBool>`run.id::text = event.object_id`),
    );
}

const shown = [
  'event.id',
  'event.kind',
  'event.severity',
  'event.title',
  'event.text',
  'event.object_type',
  'event.object_id',
  'event.data',
  'event.raised_by',
  'event.only_for',
  'event.at',
  'flow.slug as flow',
  'flow.folder',
  'flow.kind as flow_kind',
  'run.started_by',
] as const;

function selection(reader: Reader) {
  return from(reader).select(shown);
}
export type NotificationRow = Awaited<ReturnType<ReturnType<typeof selection>['execute']>>[number];

export function findNotifications(
  reader: WorkspaceTransaction,
  { kind, severity, since, permitted, userId, seesColors }: NotificationFilter,
  page: PageRequest,
): Promise<Page<NotificationRow>> {
  let query = selection(reader)
    .where(permitted.itself)
    .where((is) => is.or([is('event.flow_id', 'is', null), permitted.run]))
    .where((is) => is.or([is('event.only_for', 'is', null), ...(userId === null ? [] : [is('event.only_for', '=', userId)])]));
  if (!seesColors) query = query.where('event.kind', '<>', 'color.matched');
  if (kind) query = query.where('event.kind', '=', kind);
  if (severity) query = query.where('event.severity', '=', severity);
  if (since) query = query.where('event.at', '>=', new Date(since));
  return readPage({ db: reader, query, sort: newestFirst, page });
}

export function readNotifications(reader: Reader, ids: string[]): Promise<NotificationRow[]> {
  return selection(reader).where('event.id', 'in', ids).orderBy('event.id').execute();
}

export interface NewNotification {
  workspaceId: string;
  id: string;
  kind: string;
  severity: Severity;
  title: string;
  text: string | null;
  object: { type: string; id: string } | null;
  data: string;
  raisedBy: string;
  idempotencyKey: string | null;
}

/** @returns its id, or that of the one that took its idempotency key before */
export async function insertNotification(trx: WorkspaceTransaction, event: NewNotification): Promise<string> {
  const inserted = await trx
    .insertInto('notification_event')
    .values({
      workspace_id: event.workspaceId,
      id: event.id,
      kind: event.kind,
      severity: event.severity,
      title: event.title,
      text: event.text,
      object_type: event.object?.type ?? null,
      object_id: event.object?.id ?? null,
      flow_id: null,
      data: event.data,
      raised_by: event.raisedBy,
      idempotency_key: event.idempotencyKey,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) {
    await sql`select pg_notify(${notificationChannel}, ${JSON.stringify({ w: event.workspaceId, n: [inserted.id] })})`.execute(trx);
    return inserted.id;
  }
  const first = await trx.selectFrom('notification_event').select('id').where('idempotency_key', '=', event.idempotencyKey).executeTakeFirstOrThrow();
  return first.id;
}

const mostTogether = 5_000;

/** @returns how many it removed */
export async function removeOldNotifications(engine: Kysely<Database>, days: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from notification_event where ctid = any(array(
    select ctid from notification_event where at < now() - make_interval(days => ${days}) limit ${mostTogether}))`.execute(engine);
  return Number(numAffectedRows);
}
