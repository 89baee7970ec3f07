// The rows of a backup, read and written by what the catalogue of the database says of their tables. The engine's role sees every workspace, so each statement names its own.
import type { BackupScope } from '@tidewheel/contract/backup';
import { Bug } from '@tidewheel/contract/errors';
import { type ControlledTransaction, type RawBuilder, sql } from 'kysely';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';
import { backedTables, neededFiles, rowsOf, spentOf, staysAsItIs } from './backed-tables.ts';

/** What is looked at: the rows of a workspace that belong to a scope. */
export interface Looked {
  workspaceId: string;
  scope: BackupScope;
}

export interface TableShape {
  table: string;
  /** Without those that Postgres computes. */
  columns: string[];
  key: string[];
  /** Bytes: sealed secrets, hashes. */
  sealed: string[];
  /** Tables whose rows these rows refer to. */
  refersTo: string[];
}

/** All reads of it see one moment. Its caller ends it. */
export function openSnapshot({ engine }: Databases): Promise<ControlledTransaction<Database>> {
  return engine.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
}

export async function readShapes(trx: WorkspaceTransaction): Promise<TableShape[]> {
  const { rows } = await sql<TableShape>`
    select c.relname as "table",
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select a.attname::text from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary order by a.attnum) as key,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'bytea'::regtype) as sealed,
      array(select distinct f.confrelid::regclass::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f') as "refersTo"
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any(${Object.keys(backedTables)}) order by c.relname`.execute(trx);
  return rows;
}

/** Every table that has a workspace, of the schema that is ours. */
export async function tablesOfWorkspaces(trx: WorkspaceTransaction): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`.execute(trx);
  return rows.map((row) => row.name);
}

/** The rows of one table as JSON texts, which keep every digit, in the order of its key. `all`: whatever belongs to the scope. */
export async function* readRows(
  trx: WorkspaceTransaction,
  { looked, shape, columns = shape.columns, all = false }: { looked: Looked; shape: TableShape; columns?: readonly string[]; all?: boolean },
): AsyncGenerator<string[]> {
  const picked = sql.join(columns.map((column) => sql.ref(`t.${column}`)));
  const order = sql.join(shape.key.map((column) => sql.ref(column)));
  await sql`declare backup_rows no scroll cursor for select row_to_json(backed_row)::text as line
    from (select ${picked} from ${sql.table(shape.table)} as t where ${all ? sql`t.workspace_id = ${sql.lit(looked.workspaceId)}` : within(shape.table, looked)} order by ${order}) as backed_row`.execute(
    trx,
  );
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch 1000 from backup_rows`.execute(trx);
    if (rows.length === 0) break;
    yield rows.map((row) => row.line);
  }
  await sql`close backup_rows`.execute(trx);
}

/** A cursor takes no values: the id is a literal, which is looked at before. */
export function within(table: string, { workspaceId, scope }: Looked): RawBuilder<boolean> {
  const condition = rowsOf(table, scope);
  if (condition === undefined) return sql`false`;
  return sql`t.workspace_id = ${sql.lit(workspaceId)} and (${sql.raw(named(condition, workspaceId))})`;
}

function named(condition: string, workspaceId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(workspaceId)) throw new Bug('backup.workspace', 'A backup was asked for without a workspace.');
  return condition.replaceAll('$workspace', `'${workspaceId}'`);
}

/** The hashes of the files that the rows name. */
export async function readObjects(trx: WorkspaceTransaction, { workspaceId, scope }: Looked): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`select distinct n.sha256 from (${sql.raw(named(neededFiles[scope], workspaceId))}) as n(sha256)
    where n.sha256 is not null order by 1`.execute(trx);
  return rows.map((row) => row.sha256);
}

export interface Written {
  given: number;
  known: number;
  /** Not there, and not brought back. */
  spent: number;
  written: number;
  names: string[];
}

/** Rows that are there as they are given stay untouched. Rows of another workspace are not taken: `given` is then too small. */
export async function writeRows(
  trx: WorkspaceTransaction,
  {
    workspaceId,
    shape,
    columns,
    lines,
    isWhole,
  }: { workspaceId: string; shape: TableShape; columns: readonly string[]; lines: readonly string[]; isWhole: boolean },
): Promise<Written> {
  const table = sql.table(shape.table);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const isSpent = sql.raw(isWhole ? 'false' : spentOf(shape.table));
  const sameKey = sql.join(
    shape.key.map((column) => sql`there.${sql.ref(column)} = given.${sql.ref(column)}`),
    sql` and `,
  );
  const sets = sql.join(columns.filter((column) => !shape.key.includes(column)).map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  const picked = (row: string) => sql`(select to_jsonb(one) from (select ${sql.join(columns.map((column) => sql.ref(`${row}.${column}`)))}) as one)`;
  const isAsGiven = staysAsItIs(shape.table) ? sql`true` : sql`${picked('there')} = ${picked('given')}`;
  const onConflict = columns.length > shape.key.length ? sql`do update set ${sets}` : sql`do nothing`;
  const named = sql.raw(["'slug'", "'title'", "'name'"].map((field) => `to_jsonb(fresh) ->> ${field}`).join(', '));
  const { rows } = await sql<Written>`
    with given as (select * from json_populate_recordset(null::${table}, ${`[${lines.join(',')}]`}::json) where workspace_id = ${workspaceId}),
    spent as materialized (select given.* from given where ${isSpent} and not exists (select from ${table} as there where ${sameKey})),
    fresh as (select given.* from given where not exists (select from ${table} as there where ${sameKey} and ${isAsGiven}) and not exists (select from spent as there where ${sameKey})),
    written as (insert into ${table} (${names}) overriding system value select ${names} from fresh on conflict (${sql.join(shape.key.map((column) => sql.ref(column)))}) ${onConflict} returning 1)
    select (select count(*) from given) as given, (select count(*) from spent) as spent, (select count(*) from written) as written,
      (select count(*) from given where exists (select from ${table} as there where ${sameKey})) as known,
      array(select coalesce(${named}) from fresh where coalesce(${named}) is not null limit 20) as names`.execute(trx);
  return rows[0] as Written;
}

export async function countRows(trx: WorkspaceTransaction, { looked, table }: { looked: Looked; table: string }): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)} as t where ${within(table, looked)}`.execute(trx);
  return rows[0]?.count ?? 0;
}

/** The months of colors are partitions, which may have gone since. */
export async function makeColorMonths(trx: WorkspaceTransaction, lines: readonly string[]): Promise<void> {
  await sql`select color_months(array(select distinct (row ->> 'date')::date from json_array_elements(${`[${lines.join(',')}]`}::json) as row))`.execute(trx);
}

/** Of a transaction that is taken back. */
export async function makeWorkspace(trx: WorkspaceTransaction, id: string): Promise<void> {
  await trx
    .insertInto('workspace')
    .values({ id, slug: `scratch-${id}`, title: 'Scratch' })
    .execute();
}

export async function slugOf(trx: WorkspaceTransaction, workspaceId: string): Promise<string> {
  return (await trx.selectFrom('workspace').select('slug').where('id', '=', workspaceId).executeTakeFirstOrThrow()).slug;
}

/** Until the transaction ends nothing is processed: what a restore found waiting is still waiting when it is written. The lock is that of who keeps a processing. */
export async function withoutProcessing(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`color_processing ${workspaceId}`}, 0))`.execute(trx);
}
