// Changes rows of a session in one statement, and keeps of each what stood there before and after.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { fieldColumns } from '../buffer/buffer-rows.ts';
import { numbered } from './session-rows.store.ts';

export interface RowsChange {
  workspaceId: string;
  session: string;
  /** Of the entry that it belongs to. */
  number: number;
  /** Which rows; they are called `r`. */
  where: RawBuilder<SqlBool>;
  /** A table `given(id, …)` that `set` takes from; rows that are not in it stay. */
  given?: RawBuilder<unknown>;
  /** By column. The row as it was is `t`. */
  set: Record<string, RawBuilder<unknown>>;
}

/** @returns how many rows are different now */
export async function changeRows(trx: WorkspaceTransaction, { workspaceId, session, number, where, given, set }: RowsChange): Promise<number> {
  const columns = Object.keys(set);
  const pairs = (alias: string) => sql`jsonb_build_object(${sql.join(columns.map((name) => sql`${sql.lit(name)}, ${sql.ref(`${alias}.${name}`)}`))})`;
  const from = given === undefined ? sql`` : sql`join ${given} on given.id = t.id`;
  const differs = sql.join(
    columns.map((name) => sql`${sql.ref(`t.${name}`)} is distinct from ${set[name] as RawBuilder<unknown>}`),
    sql` or `,
  );
  const { numAffectedRows } = await sql`with changed as (
      update color_session_row u set ${sql.join(columns.map((name) => sql`${sql.ref(name)} = ${set[name] as RawBuilder<unknown>}`))}, revision = u.revision + 1
      from (select r.* from color_session_row r where r.workspace_id = ${workspaceId} and r.session_id = ${session} and ${where}) t ${from}
      where u.workspace_id = ${workspaceId} and u.session_id = ${session} and u.id = t.id and (${differs})
      returning u.id, ${pairs('t')} as before, ${pairs('u')} as after)
    insert into color_session_change (workspace_id, session_id, number, row_id, before, after) select ${workspaceId}, ${session}, ${number}, id, before, after from changed`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}

const changeable = [
  ...fieldColumns.map(({ name }) => name as string),
  ...['more', 'doubts', 'place', 'excluded', 'excluded_by', 'excluded_by_hand', 'color', 'color_by', 'color_by_hand', 'removed'],
];

export interface Replay {
  workspaceId: string;
  session: string;
  /** The entry whose rows go back to `before`, or on to `after`. */
  entry: number;
  to: 'before' | 'after';
  number: number;
}

/** Rows of the entry that are not any more as it left them (or, to bring it again, found them). */
export async function findMovedOn(trx: WorkspaceTransaction, { session, entry, to }: Pick<Replay, 'session' | 'entry' | 'to'>): Promise<string[]> {
  const expected = sql.ref(to === 'before' ? 'c.after' : 'c.before');
  const { rows } = await sql<{ id: string }>`select r.id from color_session_change c join color_session_row r on r.session_id = c.session_id and r.id = c.row_id
    where c.session_id = ${session} and c.number = ${entry} and not to_jsonb(r) @> ${expected} limit 50`.execute(trx);
  return rows.map(({ id }) => id);
}

export async function replayEntry(trx: WorkspaceTransaction, { workspaceId, session, entry, to, number }: Replay): Promise<number> {
  const [wanted, left] = to === 'before' ? [sql.ref('c.before'), sql.ref('c.after')] : [sql.ref('c.after'), sql.ref('c.before')];
  const ofEntry = sql`c.workspace_id = ${workspaceId} and c.session_id = ${session} and c.number = ${entry}`;
  await sql`update color_session_row u set ${sql.join(changeable.map((name) => sql`${sql.ref(name)} = ${sql.ref(`p.${name}`)}`))}, revision = u.revision + 1
    from color_session_change c join color_session_row r on r.workspace_id = c.workspace_id and r.session_id = c.session_id and r.id = c.row_id
      cross join lateral jsonb_populate_record(r, ${wanted}) p
    where ${ofEntry} and u.workspace_id = ${workspaceId} and u.session_id = ${session} and u.id = r.id`.execute(trx);
  const { numAffectedRows } = await sql`insert into color_session_change (workspace_id, session_id, number, row_id, before, after)
    select c.workspace_id, c.session_id, ${number}, c.row_id, ${left}, ${wanted} from color_session_change c where ${ofEntry}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

export async function findChangedIds(
  trx: WorkspaceTransaction,
  { session, number, limit }: { session: string; number: number; limit: number },
): Promise<string[]> {
  const rows = await trx
    .selectFrom('color_session_change')
    .select('row_id')
    .where('session_id', '=', session)
    .where('number', '=', number)
    .limit(limit)
    .execute();
  return rows.map(({ row_id }) => row_id);
}

/** Of these rows: those that are not there or have another revision than was seen. */
export async function findStale(
  trx: WorkspaceTransaction,
  { session, rows }: { session: string; rows: { id: string; revision: number }[] },
): Promise<string[]> {
  const found = await sql<{
    id: string;
  }>`select seen.id from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ revision }) => revision)}::int[]) as seen(id, revision)
    left join color_session_row r on r.session_id = ${session} and r.id = seen.id where r.revision is distinct from seen.revision`.execute(trx);
  return found.rows.map(({ id }) => id);
}

/** Rows that somebody else changed after this revision of the session. */
export async function findOthersChanges(
  trx: WorkspaceTransaction,
  { session, seen, who, where }: { session: string; seen: number; who: string; where: RawBuilder<SqlBool> },
): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select distinct r.id from color_session_entry e join color_session_change c on c.session_id = e.session_id and c.number = e.number
      join color_session_row r on r.session_id = c.session_id and r.id = c.row_id
    where e.session_id = ${session} and e.number > ${seen} and e.by_user <> ${who} and ${where} limit 50`.execute(trx);
  return rows.map(({ id }) => id);
}

/** Where rows stand between the row before which they come and the one above it; numbers between which there is always another. */
export function placesTable({ session, where, before }: { session: string; where: RawBuilder<SqlBool>; before: string | null }): RawBuilder<unknown> {
  const inSession = sql`r.session_id = ${session}`;
  const upper = before === null ? sql`null::numeric` : sql`(select r.place from color_session_row r where ${inSession} and r.id = ${before})`;
  // A random share of the gap: what is undone finds its old number free.
  const share = sql.lit(0.3 + Math.floor(Math.random() * 1e8) / 2.5e8);
  return sql`(select moved.id, gap.low + (gap.high - gap.low) * (moved.n - ${share}::numeric) / (moved.k + 1) as place
    from (select r.id, row_number() over (order by r.place, r.id) as n, count(*) over () as k from color_session_row r where ${inSession} and ${where}) moved,
      (select coalesce(high.place, low.place + 1000000, 1) as high, coalesce(low.place, high.place - 1000000, 0) as low from (select ${upper} as place) high,
        (select max(r.place) as place from color_session_row r where ${inSession} and not (${where}) and (${before}::uuid is null or r.place < ${upper})) low) gap) as given`;
}

/** The rows with all that stand with them in their families. */
export function inFamilies(session: string, where: RawBuilder<SqlBool>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${where} or r.id in (with placed as materialized (select * from ${numbered(session)} n)
    select id from placed where family in (select family from placed where id in (select r.id from color_session_row r where r.session_id = ${session} and ${where}))))`;
}
