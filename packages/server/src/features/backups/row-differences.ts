// The rows of one kind that differ, before and after: what the counts of a comparison stand for. Reads only.
import type { BackupRowDifference, BackupRows } from '@tidewheel/contract/backup';
import { backupKinds } from '@tidewheel/contract/backup-kinds';
import { NotFound } from '@tidewheel/contract/errors';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { restoredColumns } from './backed-tables.ts';
import { linesOf, parsed, TableLine } from './backup-file.ts';
import { type Looked, readShapes, type TableShape } from './backups.store.ts';
import { findDifferent, findLater } from './row-differences.store.ts';

const batchRows = 500;
const mostShown = 100;
/** Of larger tables those that came later are counted, not shown: all keys of the backup would have to be held against them. */
const mostKeys = 50_000;

interface TableRows {
  shape: TableShape;
  columns: string[];
  lines: string[];
}

/** @throws NotFound `backup.no_kind` when the backup has no such kind */
export async function rowDifferences(trx: WorkspaceTransaction, { file, looked, table }: { file: string; looked: Looked; table: string }): Promise<BackupRows> {
  const shape = (await readShapes(trx)).find((one) => one.table === table);
  const rows: BackupRowDifference[] = [];
  const keys: string[] = [];
  let more = false;
  let isThere = false;
  for await (const { columns, lines } of batchesOf(file, { table, shape })) {
    isThere = true;
    if (rows.length <= mostShown) rows.push(...(await findDifferent(trx, { shape: shape as TableShape, columns, lines, most: mostShown + 1 - rows.length })));
    if (keys.length <= mostKeys) keys.push(...lines);
  }
  if (!isThere || !shape)
    throw new NotFound('backup.no_kind', `The backup has nothing of the kind ${table}.`, { hint: 'The comparison lists the kinds it has.' });
  if (keys.length > mostKeys) more = true;
  else if (rows.length <= mostShown) rows.push(...(await findLater(trx, { shape, looked, lines: keys, most: mostShown + 1 - rows.length })));
  return { table, title: backupKinds[table] ?? table, rows: rows.slice(0, mostShown), more: more || rows.length > mostShown };
}

async function* batchesOf(
  file: string,
  { table, shape }: { table: string; shape: TableShape | undefined },
): AsyncGenerator<Pick<TableRows, 'columns' | 'lines'>> {
  let columns: string[] | undefined;
  let lines: string[] = [];
  for await (const line of linesOf(file)) {
    const kind = line.charAt(0);
    if (kind === 'R' && columns) {
      lines.push(line.slice(1));
      if (lines.length < batchRows) continue;
      yield { columns, lines };
      lines = [];
    } else if (columns) break;
    else if (kind === 'T') {
      const given = parsed(TableLine, line);
      if (given.table === table && shape) columns = restoredColumns(table, given.columns).filter((column) => shape.columns.includes(column));
    }
  }
  if (columns) yield { columns, lines };
}
