// What tables of colors have in common, whatever the database.
import type { OpenConnection, StepContext } from '@tidewheel/kit/step-context';
import { type StoredKind, storedColumns } from './color-storage.ts';

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
