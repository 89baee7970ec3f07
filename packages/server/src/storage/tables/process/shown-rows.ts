// What is shown of rows: a cell may hold a whole file, and what people look at is kept with the run, sent to browsers and read by them.
import type { Column } from '@tidewheel/contract/values';
import { ident } from '../sql-text.ts';
import type { Session } from './session.ts';

/** Of a cell, in characters. */
export interface ShownLimits {
  cell: number;
  /** Of all rows together, the first always among them; omitted: whatever they take. */
  all?: number | undefined;
}

/** The rows of a query with texts cut before they leave the database: the process that reads them has little memory of its own. */
export async function shownTable(
  session: Pick<Session, 'table'>,
  { sql, columns, limits }: { sql: string; columns: Column[]; limits: ShownLimits },
): Promise<{ columns: Column[]; rows: unknown[][] }> {
  const cut = columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => `${cutText(ident(name), limits.cell)} AS ${ident(name)}`);
  const read = await session.table(cut.length === 0 ? sql : `SELECT * REPLACE (${cut.join(', ')}) FROM (${sql})`);
  return { columns: read.columns, rows: within(read.rows, limits) };
}

function cutText(column: string, cell: number): string {
  return `CASE WHEN length(${column}) > ${cell} THEN left(${column}, ${cell}) || '… (' || length(${column}) || ' characters)' ELSE ${column} END`;
}

function within(rows: unknown[][], { cell, all = Number.POSITIVE_INFINITY }: ShownLimits): unknown[][] {
  const shown: unknown[][] = [];
  let size = 0;
  for (const row of rows) {
    const cells = row.map((value) => cutNested(value, cell));
    size += cells.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0)), 0);
    if (size > all && shown.length > 0) break;
    shown.push(cells);
  }
  return shown;
}

/** Lists, structures, bytes and the like come as JSON; the mark of a text that was cut stays. */
function cutNested(value: unknown, cell: number): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= cell + markLength ? value : `${text.slice(0, cell)}… (${text.length} characters)`;
}
const markLength = 40;
