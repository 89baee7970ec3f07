// Windows and streams of rows out of one Parquet file.
import { stat } from 'node:fs/promises';
import { NotFound } from '@tidewheel/contract/errors';
import type { Column, Preview } from '@tidewheel/contract/values';
import { ident, text } from '../sql-text.ts';
import { columnError, tableError } from './duckdb-errors.ts';
import type { Session } from './session.ts';
import { type ShownLimits, shownTable } from './shown-rows.ts';

export interface RowCursor {
  columns: Column[];
  /** @returns null at the end */
  next(): Promise<unknown[][] | null>;
  close(): void;
}

export async function readPage(
  session: Session,
  { file, offset, limit, shown }: { file: string; offset: number; limit: number; shown?: ShownLimits | undefined },
): Promise<Preview & { total: number }> {
  try {
    await requireTable(file);
    const [count] = await session.rows(`SELECT num_rows AS rows FROM parquet_file_metadata(${text(file)})`);
    const sql = `SELECT * FROM read_parquet(${text(file)}) LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`;
    const { columns, rows } = shown ? await shownTable(session, { sql, columns: await session.describe(sql), limits: shown }) : await session.table(sql);
    const total = Number(count?.rows);
    return { columns, rows, total, truncated: offset + rows.length < total };
  } catch (error) {
    throw readError(error);
  } finally {
    session.close();
  }
}

export async function openRows(session: Session, { file, columns, batch }: { file: string; columns: string[] | undefined; batch: number }): Promise<RowCursor> {
  try {
    await requireTable(file);
    const list = columns ? await chosen(session, file, columns) : '*';
    const batches = await session.stream(`SELECT ${list} FROM read_parquet(${text(file)})`);
    const iterator = rebatched(batches, batch);
    return {
      columns: batches.columns,
      async next() {
        try {
          const { value, done } = await iterator.next();
          return done ? null : value;
        } catch (error) {
          throw readError(error);
        }
      },
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw readError(error);
  }
}

async function chosen(session: Session, file: string, columns: string[]): Promise<string> {
  const known = (await session.describe(`SELECT * FROM read_parquet(${text(file)})`)).map((column) => column.name);
  for (const column of columns) if (!known.includes(column)) throw columnError(column, { step: 'table', columns: known });
  return columns.map(ident).join(', ');
}

async function* rebatched(batches: AsyncIterable<unknown[][]>, size: number): AsyncGenerator<unknown[][]> {
  let held: unknown[][] = [];
  for await (const rows of batches) {
    held = held.length === 0 ? rows : [...held, ...rows];
    while (held.length >= size) yield held.splice(0, size);
  }
  if (held.length > 0) yield held;
}

function readError(error: unknown): Error {
  return error instanceof NotFound ? error : tableError(error, { step: 'table' });
}

async function requireTable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new NotFound('table.missing', 'The table is not there any more.');
}
