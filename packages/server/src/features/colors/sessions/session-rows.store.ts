// Reads the rows of a session: windows of them in their order, with the place that each has in the sheet.
import type { SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ColorSessionRowRecord } from '../../../storage/color-session-tables.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { colorOfRow } from '../buffer/buffer-rows.ts';

/** Rows of one bond that stand together are a family, the first of them its parent; who has no identifier stands alone. */
export const familyKey = sql<string>`coalesce('C' || nullif(trim(r.cusip), ''), 'I' || nullif(trim(r.isin), ''))`;
/** The rows that are in the sheet, numbered. */
export function numbered(session: string): RawBuilder<unknown> {
  return sql`(select id, position, sum(starts::int) over ordered as family, position - max(case when starts then position end) over ordered as child from (
      select id, row_number() over ordered as position, coalesce(key is distinct from lag(key) over ordered, true) or key is null as starts, place
      from (select r.id, r.place, ${familyKey} as key from color_session_row r where r.session_id = ${session} and not r.excluded and not r.removed) keyed
      window ordered as (order by place, id)) started
    window ordered as (order by position))`;
}

/** For this transaction. Postgres knows nothing of rows that came a moment ago, takes them for a few, and would compare each with each. */
export async function expectMany(trx: WorkspaceTransaction): Promise<void> {
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(trx);
}

export type NumberedRow = ColorSessionRowRecord & { position: number | null; family: number | null; child: number | null };

export interface RowWindow extends SessionFilter {
  session: string;
  from: number;
  limit: number;
}

export async function findWindow(trx: WorkspaceTransaction, { session, from, limit, ...filter }: RowWindow): Promise<{ rows: NumberedRow[]; total: number }> {
  const where = conditionOf(session, filter);
  const { rows } =
    await sql<NumberedRow>`with page as materialized (select id from color_session_row r where ${where} order by r.place, r.id limit ${limit} offset ${from})
    select r.*, n.position::int, n.family::int, n.child::int from page join color_session_row r on r.session_id = ${session} and r.id = page.id
      left join ${numbered(session)} n on n.id = r.id order by r.place, r.id`.execute(trx);
  const counted = await sql<{ total: number }>`select count(*)::int as total from color_session_row r where ${where}`.execute(trx);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}

export async function findRowsById(trx: WorkspaceTransaction, { session, ids }: { session: string; ids: readonly string[] }): Promise<NumberedRow[]> {
  if (ids.length === 0) return [];
  const { rows } =
    await sql<NumberedRow>`select r.*, n.position::int, n.family::int, n.child::int from color_session_row r left join ${numbered(session)} n on n.id = r.id
    where r.session_id = ${session} and r.id = any(${ids}::uuid[]) order by r.place, r.id`.execute(trx);
  return rows;
}

/** The first rows of this family and of the one above it. */
export async function findNeighbours(
  trx: WorkspaceTransaction,
  { session, family }: { session: string; family: number | null },
): Promise<{ parent: NumberedRow | undefined; above: NumberedRow | undefined }> {
  if (family === null) return { parent: undefined, above: undefined };
  const { rows } =
    await sql<NumberedRow>`select r.*, n.position::int, n.family::int, n.child::int from ${numbered(session)} n join color_session_row r on r.session_id = ${session} and r.id = n.id
    where n.child = 0 and n.family in (${family}, ${family - 1})`.execute(trx);
  return { parent: rows.find((row) => row.family === family), above: rows.find((row) => row.family === family - 1) };
}

const views: Record<SessionFilter['which'], RawBuilder<SqlBool>> = {
  all: sql<SqlBool>`not r.removed`,
  kept: sql<SqlBool>`(not r.removed and not r.excluded)`,
  excluded: sql<SqlBool>`(not r.removed and r.excluded)`,
  removed: sql<SqlBool>`r.removed`,
  doubtful: sql<SqlBool>`(not r.removed and r.doubts <> '{}')`,
  changed: sql<SqlBool>`r.revision > 1`,
};

export function conditionOf(session: string, { which, search, source }: SessionFilter): RawBuilder<SqlBool> {
  const parts = [sql<SqlBool>`r.session_id = ${session}`, views[which]];
  if (source !== undefined) parts.push(sql<SqlBool>`coalesce(r.source, '') = ${source}`);
  if (search !== undefined) {
    const escaped = search.replace(/[\\%_]/g, String.raw`\$&`);
    const [begin, within] = [`${escaped}%`, `%${escaped}%`];
    parts.push(
      sql<SqlBool>`(r.cusip ilike ${begin} or r.isin ilike ${begin} or r.ticker ilike ${begin} or r.issuer ilike ${within} or r.dealer ilike ${within})`,
    );
  }
  return sql<SqlBool>`(${sql.join(parts, sql` and `)})`;
}

export interface SessionCounts {
  kept: number;
  excluded: number;
  removed: number;
  doubtful: number;
}

export async function countRows(trx: WorkspaceTransaction, session: string): Promise<SessionCounts> {
  const { rows } =
    await sql<SessionCounts>`select count(*) filter (where ${views.kept})::int as kept, count(*) filter (where ${views.excluded})::int as excluded,
    count(*) filter (where r.removed)::int as removed, count(*) filter (where ${views.doubtful})::int as doubtful from color_session_row r where r.session_id = ${session}`.execute(
      trx,
    );
  return rows[0] ?? { kept: 0, excluded: 0, removed: 0, doubtful: 0 };
}

export function shownRow(row: NumberedRow): SessionRow {
  return {
    ...colorOfRow(row as Parameters<typeof colorOfRow>[0]),
    id: row.id,
    revision: row.revision,
    doubts: row.doubts,
    position: row.position,
    family: row.family,
    child: row.child,
    excluded: row.excluded,
    excludedBy: row.excluded_by,
    color: row.color,
    colorBy: row.color_by,
    removed: row.removed,
  };
}
