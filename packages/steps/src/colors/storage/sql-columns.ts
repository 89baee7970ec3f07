// What tables of colors have in common, whatever the database.
import type { SqlSession } from '@tidewheel/kit/sql-session';
import type { OpenConnection, Row, StepContext } from '@tidewheel/kit/step-context';
import { withDatabase } from '../../sql/databases.ts';
import { type LoadedFile, type StoredDays, type StoredKind, type StoredProcessing, storedColumns, storedRows } from './color-storage.ts';

export interface SqlTableOptions {
  ctx: StepContext;
  connection: OpenConnection;
  /** `colors` or `desk.colors`: a name, never more. */
  table: string;
}

/** No query for a part of a day takes longer. */
export const storingMs = 600_000;

/** The lines of `create table`; processing and row are its key. */
export function columnLines(types: Readonly<Record<StoredKind, string>>): string {
  const lines = storedColumns.map(({ column, kind }, index) => `${column} ${types[kind]}${index < 3 ? ' not null' : ''}`);
  return [...lines, 'primary key (processing, row_no)'].join(', ');
}

export const columnList = storedColumns.map(({ column }) => column).join(', ');

/** What the table had of a processing is replaced in one transaction. `insert`: writes one batch. */
export async function replaceRows(
  { ctx, connection, table }: SqlTableOptions,
  { processing, insert }: { processing: StoredProcessing; insert(session: SqlSession, batch: Row[]): Promise<unknown> },
): Promise<{ rows: number; where: string }> {
  const work = (session: SqlSession) =>
    session.transaction({ readOnly: false }, async () => {
      const { id } = processing;
      await session.execute({ sql: `delete from ${table} where processing = :id`, parameters: { id }, timeoutMs: storingMs }, { keep: 0 });
      let count = 0;
      for await (const batch of storedRows(processing)) {
        await insert(session, batch);
        count += batch.length;
      }
      return count;
    });
  return { rows: await withDatabase(ctx, { connection, work }), where: `${connection.slug}: ${table}` };
}

/** `sql`: names the days as `:from` and `:to`. @returns how many rows */
export async function copyRows(
  { ctx, connection }: SqlTableOptions,
  { sql, days, file }: { sql: string; days: StoredDays; file: LoadedFile },
): Promise<number> {
  const { from, to } = days;
  const query = { sql, parameters: { from, to }, timeoutMs: storingMs };
  const { rows } = await withDatabase(ctx, { connection, work: (session) => session.copyOut(query, { ...file, maxBytes: Number.MAX_SAFE_INTEGER }) });
  return rows;
}
