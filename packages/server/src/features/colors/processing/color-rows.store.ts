// Writes rows of colors. Read by search and by the pages of a processing.
import type { Row } from '@tidewheel/kit/step-context';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

/** What a ranked table calls a column, to its column and type in the database. */
export const colorColumns: ReadonlyMap<string, { column: string; type: string }> = new Map(
  (
    [
      ['date', 'date', 'date'],
      ['cusip', 'cusip', 'text'],
      ['isin', 'isin', 'text'],
      ['ticker', 'ticker', 'text'],
      ['issuer', 'issuer', 'text'],
      ['coupon', 'coupon', 'numeric'],
      ['maturity', 'maturity', 'date'],
      ['sector', 'sector', 'text'],
      ['market', 'market', 'text'],
      ['currency', 'currency', 'text'],
      ['source', 'source', 'text'],
      ['dealer', 'dealer', 'text'],
      ['bias', 'bias', 'text'],
      ['px', 'px', 'numeric'],
      ['spread', 'spread', 'numeric'],
      ['yield', 'yield', 'numeric'],
      ['size', 'size', 'numeric'],
      ['rank', 'rank', 'int'],
      ['level', 'level', 'text'],
      ['bwic', 'bwic', 'text'],
      ['at', 'at', 'timestamptz'],
      ['confidence', 'confidence', 'numeric'],
      ['more', 'more', 'jsonb'],
      ['excludedBy', 'excluded_by', 'uuid'],
      ['position', 'position', 'int'],
      ['family', 'family', 'int'],
      ['child', 'child', 'int'],
      ['color', 'color', 'text'],
      ['colorBy', 'color_by', 'uuid'],
    ] as const
  ).map(([name, column, type]) => [name, { column, type }]),
);

interface Colors {
  workspaceId: string;
  processingId: string;
  /** With `line`; below 0 for excluded ones, which `insertProcessing` puts behind the others. */
  rows: Row[];
}

/** One statement for a batch: a column of values each. Months that are not there yet are made. */
export async function insertColors(trx: WorkspaceTransaction, { workspaceId, processingId, rows }: Colors): Promise<void> {
  if (rows.length === 0) return;
  const days = [...new Set(rows.map((row) => row['date']))];
  await sql`select color_months(${days}::date[])`.execute(trx);
  const columns = [...colorColumns.entries()];
  const valuesOf = (name: string) => rows.map((row) => (name === 'more' ? (row[name] ?? '{}') : row[name]));
  const lists = columns.map(([name, { type }]) => sql`${valuesOf(name)}::${sql.raw(type)}[]`);
  await sql`insert into color (workspace_id, processing_id, line, ${sql.join(columns.map(([, { column }]) => sql.ref(column)))})
    select ${workspaceId}, ${processingId}, * from unnest(${rows.map((row) => row['line'])}::int[], ${sql.join(lists)})`.execute(trx);
}
