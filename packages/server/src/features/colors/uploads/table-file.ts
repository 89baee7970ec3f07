// A table of a flow, read as if it had come as a file: its columns are the header.
import { colorFieldNames } from '@tidewheel/contract/color';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Row } from '@tidewheel/kit/step-context';
import { type Cell, type IncomingFile, type IncomingRow, Notes } from '../readers/incoming.ts';

export interface IncomingRows {
  columns: string[];
  /** From the first one, each time it is asked for. */
  rows: () => AsyncIterable<Row[]>;
}

export async function tableFile(table: IncomingRows): Promise<IncomingFile> {
  const file = (rows: AsyncIterable<IncomingRow>): IncomingFile => ({ kind: 'delimited', notes: new Notes(), tables: [{ sheet: null, rows }] });
  if (!areColors(table.columns)) return file(lines(table.columns, table.rows()));
  const fields = colorFieldNames.map((name) => [name, headers[name] ?? name] as const);
  const free = await freeColumns(table, new Set(fields.map(([, header]) => header)));
  const rows = async function* (): AsyncGenerator<Row[]> {
    for await (const batch of table.rows())
      yield batch.map((row) => ({ ...freeOf(row), ...Object.fromEntries(fields.map(([name, header]) => [header, row[name]])) }));
  };
  return file(lines([...fields.map(([, header]) => header), ...free], rows()));
}

/** Of the fields whose own name stands for another field at the head of a column. */
const headers: Readonly<Record<string, string>> = { level: 'level type' };
const mostFree = 500;

/** As `color.load` and the steps of the desk hand them on: their free columns are in `more`, and their places are of the run that made them. */
function areColors(columns: readonly string[]): boolean {
  return [...colorFieldNames, 'more'].every((name) => columns.includes(name));
}

async function freeColumns({ rows }: IncomingRows, taken: ReadonlySet<string>): Promise<string[]> {
  const found = new Set<string>();
  for await (const batch of rows()) {
    for (const row of batch) for (const name of Object.keys(freeOf(row))) if (!taken.has(name)) found.add(name);
    if (found.size > mostFree)
      throw new InvalidInput('color.columns', `Its rows have more than ${mostFree} different free columns.`, { hint: 'Take fewer days at once.' });
  }
  return [...found];
}

function freeOf({ more }: Row): Record<string, unknown> {
  if (typeof more !== 'string' || more === '') return {};
  try {
    const free: unknown = JSON.parse(more);
    return typeof free === 'object' && free !== null && !Array.isArray(free) ? { ...free } : { more };
  } catch {
    return { more };
  }
}

async function* lines(columns: readonly string[], rows: AsyncIterable<Row[]>): AsyncGenerator<IncomingRow> {
  let line = 1;
  yield { line, cells: columns.map((name) => ({ text: name, kind: 'text' })) };
  for await (const batch of rows) for (const row of batch) yield { line: ++line, cells: columns.map((name) => cellOf(row[name])) };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return { text: '', kind: 'text' };
  if (typeof value === 'number') return { text: String(value), kind: 'number' };
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
  return { text, kind: /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/.test(text) ? 'date' : 'text' };
}
