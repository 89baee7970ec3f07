// The SQL of the rows that wait.
import type { ColorDoubts, ColorField } from '@tidewheel/contract/color';
import type { Page } from '@tidewheel/contract/page';
import type { ColorBufferSummary } from '@tidewheel/contract/routes/color-buffer';
import { type Expression, type SqlBool, sql } from 'kysely';
import { newId } from '../../../base/ids.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';
import type { ReadColor } from '../columns/row-colors.ts';
import { type BufferRow, fieldColumns, samenessOf } from './buffer-rows.ts';
import { forgetEndedRuns, isFree, isTaken, lockBuffer } from './free-rows.store.ts';

const recordTypes = sql.raw(
  ['id uuid', 'line int', ...fieldColumns.map(({ name, type }) => `"${name}" ${type}`), 'more jsonb', 'doubts jsonb', 'sameness text'].join(', '),
);
const names = sql.raw(fieldColumns.map(({ name }) => `"${name}"`).join(', '));

/** A batch of rows in one statement. */
export async function insertWaiting(
  trx: WorkspaceTransaction,
  { workspaceId, uploadId, rows }: { workspaceId: string; uploadId: string; rows: ReadColor[] },
): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map(({ line, color, doubts }) => ({ ...color, id: newId(), line, doubts, sameness: samenessOf(color).toString('hex') }));
  await sql`insert into color_buffer (workspace_id, upload_id, id, line, ${names}, more, doubts, sameness)
    select ${workspaceId}, ${uploadId}, id, line, ${names}, more, doubts, decode(sameness, 'hex')
    from json_to_recordset(${JSON.stringify(records)}::json) as given(${recordTypes})`.execute(trx);
}

/** Says of each row of the upload which earlier one in the buffer said the same. @returns how many did */
export async function markDuplicates(trx: WorkspaceTransaction, { workspaceId, uploadId }: { workspaceId: string; uploadId: string }): Promise<number> {
  // Each row asks the index for itself. Nothing is joined: before the table was ever analyzed Postgres plans a join for one row, and compares each with each.
  const first = sql`(select (array_agg(b.id order by b.id))[1] from color_buffer b
    where b.workspace_id = color_buffer.workspace_id and b.sameness = color_buffer.sameness and b.removed_at is null)`;
  const { numAffectedRows } = await sql`update color_buffer set duplicate_of = ${first}
    where workspace_id = ${workspaceId} and upload_id = ${uploadId} and ${first} <> id`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

export interface BufferFilter {
  which: 'free' | 'doubtful' | 'duplicate' | 'taken' | 'removed' | 'all';
  upload?: string | undefined;
  source?: string | undefined;
  search?: string | undefined;
  doubt?: string | undefined;
}

const doubtsFirst: Sort = {
  name: 'doubts',
  keys: [
    { column: 'sure', type: 'bigint', direction: 'asc' },
    { column: 'id', type: 'uuid', direction: 'asc' },
  ],
};

export function findWaiting(trx: WorkspaceTransaction, filter: BufferFilter, page: PageRequest): Promise<Page<BufferRow & { is_taken: boolean }>> {
  const found = trx
    .selectFrom('color_buffer')
    .selectAll()
    .select([sql<number>`case when doubts <> '{}' then 0 else 1 end`.as('sure'), isTaken.as('is_taken')])
    .where(conditionOf(filter));
  const query = trx.selectFrom(found.as('waiting')).selectAll();
  return readPage({ db: trx, query, sort: doubtsFirst, page }) as unknown as Promise<Page<BufferRow & { is_taken: boolean }>>;
}

const states: Record<BufferFilter['which'], Expression<SqlBool>> = {
  free: isFree,
  doubtful: sql<SqlBool>`(color_buffer.doubts <> '{}' and ${isFree})`,
  duplicate: sql<SqlBool>`(color_buffer.duplicate_of is not null and ${isFree})`,
  taken: sql<SqlBool>`(color_buffer.removed_at is null and ${isTaken})`,
  removed: sql<SqlBool>`(color_buffer.removed_at is not null)`,
  all: sql<SqlBool>`true`,
};

function conditionOf({ which, upload, source, search, doubt }: BufferFilter): Expression<SqlBool> {
  const parts: Expression<SqlBool>[] = [states[which]];
  if (upload !== undefined) parts.push(sql`color_buffer.upload_id = ${upload}`);
  if (source !== undefined) parts.push(sql`coalesce(color_buffer.source, '') = ${source}`);
  if (doubt !== undefined) parts.push(sql`color_buffer.doubts -> ${doubt} is not null`);
  if (search !== undefined && search.trim() !== '') {
    const pattern = `%${search.trim().replace(/[\\%_]/g, String.raw`\$&`)}%`;
    const columns = ['cusip', 'isin', 'ticker', 'issuer', 'dealer'].map((name) => sql`${sql.ref(`color_buffer.${name}`)} ilike ${pattern}`);
    parts.push(sql`(${sql.join(columns, sql` or `)})`);
  }
  return sql<SqlBool>`(${sql.join(parts, sql` and `)})`;
}

export async function countWaiting(trx: WorkspaceTransaction): Promise<ColorBufferSummary> {
  const counted = await sql<{ free: number; taken: number; removed: number; doubtful: number; duplicates: number }>`select
    count(*) filter (where ${isFree})::int as free, count(*) filter (where ${states.taken})::int as taken, count(*) filter (where removed_at is not null)::int as removed,
    count(*) filter (where ${states.doubtful})::int as doubtful, count(*) filter (where ${states.duplicate})::int as duplicates from color_buffer`.execute(trx);
  const repairs = await sql<{
    field: string;
    why: string;
    rows: number;
    offered: number;
  }>`select d.key as field, d.value ->> 'why' as why, count(*)::int as rows,
    count(d.value ->> 'repair')::int as offered from color_buffer, jsonb_each(doubts) as d where ${states.doubtful} group by 1, 2 order by 3 desc, 1, 2 limit 50`.execute(
    trx,
  );
  const sources = await sql<{ source: string; rows: number }>`select coalesce(source, '') as source, count(*)::int as rows from color_buffer where ${isFree}
    group by 1 order by 2 desc, 1 limit 50`.execute(trx);
  const empty = { free: 0, taken: 0, removed: 0, doubtful: 0, duplicates: 0 };
  return { ...(counted.rows[0] ?? empty), repairs: repairs.rows, sources: sources.rows };
}

export interface FreeRows {
  workspaceId: string;
  ids?: string[] | undefined;
  doubt?: { field: string; why?: string | undefined } | undefined;
  duplicates?: boolean;
}

/** Free rows that are to be changed, locked until the transaction ends. */
export async function lockFree(trx: WorkspaceTransaction, { workspaceId, ids, doubt, duplicates }: FreeRows): Promise<BufferRow[]> {
  await lockBuffer(trx, workspaceId);
  let query = trx.selectFrom('color_buffer').selectAll().where(isFree);
  if (ids !== undefined) query = query.where('id', 'in', ids);
  if (duplicates) query = query.where('duplicate_of', 'is not', null);
  if (doubt !== undefined) query = query.where(sql<SqlBool>`doubts -> ${doubt.field} ->> 'repair' is not null`);
  if (doubt?.why !== undefined) query = query.where(sql<SqlBool>`doubts -> ${doubt.field} ->> 'why' = ${doubt.why}`);
  const rows = await query.orderBy('id').forUpdate().execute();
  const held = rows.filter(({ taken_by_run }) => taken_by_run !== null).map(({ id }) => id);
  if (held.length > 0) await forgetEndedRuns(trx, { workspaceId, which: sql`id = any(${held}::uuid[])` });
  return rows;
}

export function findRow(trx: WorkspaceTransaction, id: string): Promise<(BufferRow & { is_taken: boolean }) | undefined> {
  return trx.selectFrom('color_buffer').selectAll().select(isTaken.as('is_taken')).where('id', '=', id).executeTakeFirst() as Promise<
    (BufferRow & { is_taken: boolean }) | undefined
  >;
}

export async function markRemoved(trx: WorkspaceTransaction, { ids, by }: { ids: string[]; by: string | null }): Promise<number> {
  if (ids.length === 0) return 0;
  const { numUpdatedRows } = await trx
    .updateTable('color_buffer')
    .set({ removed_at: by === null ? null : sql<Date>`now()`, removed_by: by, revision: sql<number>`revision + 1` })
    .where('id', 'in', ids)
    .where('removed_at', by === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export interface ChangedRow {
  id: string;
  values: Partial<Record<ColorField, string | number | null>>;
  doubts: ColorDoubts;
  sameness: Buffer;
}

export async function changeRow(trx: WorkspaceTransaction, { id, values, doubts, sameness }: ChangedRow): Promise<void> {
  await trx
    .updateTable('color_buffer')
    .set({ ...(values as object), doubts: JSON.stringify(doubts), sameness, revision: sql<number>`revision + 1` })
    .where('id', '=', id)
    .execute();
}

/** The same field of many rows, in one statement. */
export async function changeField(
  trx: WorkspaceTransaction,
  { field, rows }: { field: ColorField; rows: { id: string; value: string | number | null; sameness: Buffer }[] },
): Promise<void> {
  const type = fieldColumns.find(({ name }) => name === field)?.type ?? 'text';
  const [ids, values, same] = [
    rows.map(({ id }) => id),
    rows.map(({ value }) => (value === null ? null : String(value))),
    rows.map(({ sameness }) => sameness.toString('hex')),
  ];
  await sql`update color_buffer set ${sql.ref(field)} = given.value::${sql.raw(type)}, doubts = doubts - ${field}::text, sameness = decode(given.sameness, 'hex'), revision = revision + 1
    from unnest(${ids}::uuid[], ${values}::text[], ${same}::text[]) as given(id, value, sameness) where color_buffer.id = given.id`.execute(trx);
}
