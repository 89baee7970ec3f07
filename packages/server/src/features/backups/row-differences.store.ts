// The SQL of the differences row by row. What is sealed or binary is shown as a fingerprint: that it differs can be seen, what it is not.
import type { BackupRowDifference } from '@tidewheel/contract/backup';
import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { spentOf, staysAsItIs } from './backed-tables.ts';
import { type Looked, type TableShape, within } from './backups.store.ts';

const nameFields = ['slug', 'title', 'name', 'file_name', 'number', 'sha256'];

/** Rows that are given and not there, or there with another content. */
export async function findDifferent(
  trx: WorkspaceTransaction,
  { shape, columns, lines, most }: { shape: TableShape; columns: readonly string[]; lines: readonly string[]; most: number },
): Promise<BackupRowDifference[]> {
  if (lines.length === 0 || most <= 0) return [];
  const table = sql.table(shape.table);
  const whole = (row: string) => sql`(select to_jsonb(one) from (select ${sql.join(columns.map((column) => sql.ref(`${row}.${column}`)))}) as one)`;
  const { rows } = await sql<BackupRowDifference>`
    select case when ${sql.ref(`there.${first(shape)}`)} is not null then 'changed' when ${sql.raw(spentOf(shape.table))} then 'spent' else 'added' end as change, ${nameOf('given', shape)} as name,
      case when ${sql.ref(`there.${first(shape)}`)} is not null then ${shown('there', shape, columns)} end as now, ${shown('given', shape, columns)} as "was"
    from json_populate_recordset(null::${table}, ${`[${lines.join(',')}]`}::json) as given left join ${table} as there on ${sameKey(shape)}
    where ${sql.ref(`there.${first(shape)}`)} is null or (${sql.lit(!staysAsItIs(shape.table))} and ${whole('there')} <> ${whole('given')}) limit ${most}`.execute(
    trx,
  );
  return rows;
}

/** Rows that are there and not given. */
export async function findLater(
  trx: WorkspaceTransaction,
  { shape, looked, lines, most }: { shape: TableShape; looked: Looked; lines: readonly string[]; most: number },
): Promise<BackupRowDifference[]> {
  if (most <= 0) return [];
  const table = sql.table(shape.table);
  const { rows } = await sql<BackupRowDifference>`
    with given as materialized (select ${sql.join(shape.key.map((column) => sql.ref(column)))} from json_populate_recordset(null::${table}, ${`[${lines.join(',')}]`}::json))
    select 'kept' as change, ${nameOf('there', shape)} as name, ${shown('there', shape, shape.columns)} as now, null as "was"
    from (select t.* from ${table} as t where ${within(shape.table, looked)}) as there
    where not exists (select from given where ${sameKey(shape)}) limit ${most}`.execute(trx);
  return rows;
}

function first({ key }: TableShape): string {
  return key[0] ?? 'workspace_id';
}

function sameKey({ key }: TableShape): RawBuilder<boolean> {
  return sql`${sql.join(
    key.map((column) => sql`${sql.ref(`there.${column}`)} = ${sql.ref(`given.${column}`)}`),
    sql` and `,
  )}`;
}

function nameOf(row: string, { columns, key }: TableShape): RawBuilder<string> {
  const named = nameFields.filter((field) => columns.includes(field)).map((field) => sql`${sql.ref(`${row}.${field}`)}::text`);
  const keys = key.filter((column) => column !== 'workspace_id').map((column) => sql`${sql.ref(`${row}.${column}`)}::text`);
  return sql`coalesce(${sql.join([...named, sql`concat_ws(' ', ${sql.join(keys.length > 0 ? keys : [sql`'1'`])})`])})`;
}

function shown(row: string, { sealed }: TableShape, columns: readonly string[]): RawBuilder<Record<string, unknown>> {
  const picked = columns
    .filter((column) => column !== 'workspace_id')
    .map((column) => {
      const value = sql.ref(`${row}.${column}`);
      return sealed.includes(column) ? sql`'sealed ' || left(encode(sha256(${value}), 'hex'), 12) as ${sql.ref(column)}` : sql`${value} as ${sql.ref(column)}`;
    });
  return sql`(select to_jsonb(one) from (select ${sql.join(picked)}) as one)`;
}
