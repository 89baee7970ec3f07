// Backfills, and the runs of theirs, which are found by their idempotency keys.
import type { RunState } from '@tidewheel/contract/run';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

function backfills(reader: Reader) {
  return reader
    .selectFrom('backfill')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'backfill.workspace_id').onRef('flow.id', '=', 'backfill.flow_id'))
    .selectAll('backfill')
    .select(['flow.slug as flow', 'flow.title as flow_title', 'flow.folder', 'flow.kind', 'backfill.created_by as started_by']);
}

export type BackfillRow = NonNullable<Awaited<ReturnType<typeof findBackfill>>>;

/** As rules may speak of a backfill: like a run that its maker started. */
export const backfillColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind', startedBy: 'backfill.created_by' };

export function findBackfill(reader: Reader, id: string) {
  return backfills(reader).where('backfill.id', '=', id).executeTakeFirst();
}

const newest: Sort = { name: 'newest', keys: [{ column: 'backfill.id', type: 'uuid', direction: 'desc' }] };

export function pageBackfills(reader: Reader, { flow, permitted, cursor, limit }: { flow?: string | undefined; permitted: Expression<SqlBool> } & PageRequest) {
  let query = backfills(reader).where(permitted);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  return readPage({ db: reader, query, sort: newest, page: { cursor, limit } });
}

export function keyOf(id: string, date: string): string {
  return `backfill ${id} ${date}`;
}

export interface BackfillRun {
  id: string;
  number: number;
  state: RunState;
  held: boolean;
  date: string;
}

/** By backfill. Each run by its key (what a limit makes sure of): the keys are too many to be compared with every run. */
export async function runsOf(reader: Reader, ids: string[]): Promise<Map<string, BackfillRun[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<BackfillRun & { of: string }>`select b.id as of, r.id, r.number, r.state, r.held_at is not null as held, d.date
    from backfill b cross join lateral unnest(b.dates) as d(date)
      cross join lateral (select id, number, state, held_at from run
        where workspace_id = b.workspace_id and flow_id = b.flow_id and idempotency_key = 'backfill ' || b.id || ' ' || d.date limit 1) r
    where b.id = any(${ids}::uuid[]) order by r.id`.execute(reader);
  return Map.groupBy(rows, ({ of }) => of);
}

/** Those of these dates for which a run of the flow has succeeded for real. */
export async function succeededDates(reader: Reader, { flowId, parameter, dates }: { flowId: string; parameter: string; dates: string[] }): Promise<string[]> {
  if (dates.length === 0) return [];
  const { rows } = await sql<{ date: string }>`
    select distinct parameters ->> ${parameter} as date from run
    where flow_id = ${flowId} and state = 'succeeded' and mode = 'normal' and parent_id is null and parameters ->> ${parameter} = any(${dates}::text[])`.execute(
    reader,
  );
  return rows.map((row) => row.date).sort();
}

/** Of the newest runs that succeeded. */
export async function medianDuration(reader: Reader, flowId: string): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select (percentile_cont(0.5) within group (order by ms))::float8 as ms from (
      select extract(epoch from finished_at - started_at) * 1000 as ms from run
      where flow_id = ${flowId} and state = 'succeeded' and parent_id is null and started_at is not null order by id desc limit 50) newest`.execute(reader);
  return rows[0]?.ms ?? null;
}

export async function insertBackfill(
  trx: Transaction<Database>,
  row: Pick<BackfillRow, 'workspace_id' | 'id' | 'flow_id' | 'parameter' | 'from_date' | 'to_date' | 'every' | 'mode' | 'concurrency' | 'dates' | 'created_by'>,
): Promise<void> {
  await trx.insertInto('backfill').values(row).execute();
}

export async function markCancelled(trx: Transaction<Database>, { id, by }: { id: string; by: string }): Promise<void> {
  await trx
    .updateTable('backfill')
    .set({ cancelled_at: sql<Date>`now()`, cancelled_by: by, is_cancelling: true })
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .execute();
}

/** Each of its runs was asked to end. */
export async function markAllCancelled(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.updateTable('backfill').set({ is_cancelling: false }).where('id', '=', id).execute();
}
