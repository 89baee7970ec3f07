// Where colors are kept outside of the desk: one interface, whose back end is that of the connection (a folder, a bucket, Postgres, Oracle).
import { colorFieldNames, colorFields } from '@tidewheel/contract/color';
import type { Row } from '@tidewheel/kit/step-context';

export interface ColorStorage {
  /** Makes what is missing (a bucket and its rule, a table). @returns what it made or could not make, in words */
  setup(): Promise<string[]>;
  /** Keeps the rows of one processing in place of those that it kept before: all of them or none. */
  keep(processing: StoredProcessing): Promise<{ rows: number; where: string }>;
  /** Writes the rows of the processings of some days to a new CSV file with the header `loadedColumns`, every value in quotes. @returns how many */
  load(days: StoredDays, to: LoadedFile): Promise<number>;
}

export interface StoredProcessing {
  /** The same for every attempt of a run. */
  id: string;
  /** Its business date, `YYYY-MM-DD`. */
  day: string;
  rows: AsyncIterable<Row[]>;
  onRows(total: number): void;
}
export interface StoredDays {
  /** Both ends count. */
  from: string;
  to: string;
}
export interface LoadedFile {
  file: string;
  nullText: string;
  onBytes(bytes: number): void;
}

export type StoredKind = 'text' | 'long' | 'number' | 'integer' | 'date' | 'instant';
export interface StoredColumn {
  /** As tables of flows and objects in JSON have it. */
  name: string;
  /** In a database: none of its reserved words. */
  column: string;
  kind: StoredKind;
}

const columnNames: Readonly<Record<string, string>> = { date: 'quote_date', size: 'quote_size', level: 'quote_level', at: 'quoted_at' };

/** What is kept of a color, in this order. The first three say of which processing it is. */
export const storedColumns: readonly StoredColumn[] = [
  { name: 'processing', column: 'processing', kind: 'text' },
  { name: 'day', column: 'processing_day', kind: 'date' },
  { name: 'row', column: 'row_no', kind: 'integer' },
  ...colorFieldNames.map((name): StoredColumn => ({ name, column: columnNames[name] ?? name, kind: colorFields[name].kind })),
  { name: 'more', column: 'more', kind: 'long' },
  { name: 'excludedBy', column: 'excluded_by', kind: 'text' },
  { name: 'position', column: 'position_no', kind: 'integer' },
  { name: 'family', column: 'family_no', kind: 'integer' },
  { name: 'child', column: 'child_no', kind: 'integer' },
  { name: 'color', column: 'color', kind: 'text' },
  { name: 'colorBy', column: 'color_by', kind: 'text' },
];

const tableTypes: Readonly<Record<StoredKind, string>> = {
  text: 'VARCHAR',
  long: 'VARCHAR',
  number: 'DECIMAL(18,6)',
  integer: 'INTEGER',
  date: 'DATE',
  instant: 'TIMESTAMPTZ',
};
/** The columns of a loaded table and their types, in order. */
export const loadedColumns: readonly [name: string, type: string][] = storedColumns.map(({ name, kind }) => [name, tableTypes[kind]]);

/** Each row as it is kept, a block at a time: with its processing and its place, times in UTC, nothing but the columns of colors. */
export async function* storedRows({ id, day, rows, onRows }: StoredProcessing): AsyncGenerator<Row[]> {
  let count = 0;
  for await (const batch of rows) {
    yield batch.map((row) => {
      count += 1;
      const own: Row = { processing: id, day, row: count };
      return Object.fromEntries(storedColumns.map(({ name, kind }) => [name, storedValue(own[name] ?? row[name], kind)]));
    });
    onRows(count);
  }
}

function storedValue(value: unknown, kind: StoredKind): unknown {
  if (value === null || value === undefined || value === '') return null;
  if (kind !== 'instant') return value;
  const at = new Date(String(value));
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
