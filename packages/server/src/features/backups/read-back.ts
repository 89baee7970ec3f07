// Writes a file that has been checked: rows table by table in the given transaction, contents of files before it.
import { Readable } from 'node:stream';
import type { BackupTableDifference } from '@tidewheel/contract/backup';
import { backupKinds } from '@tidewheel/contract/backup-kinds';
import { Bug, Conflict } from '@tidewheel/contract/errors';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { restoredColumns } from './backed-tables.ts';
import { broken, linesOf, parsed, TableLine } from './backup-file.ts';
import { countRows, type Looked, makeColorMonths, readShapes, type TableShape, type Written, writeRows } from './backups.store.ts';
import { objectsIn } from './objects-in.ts';

const batchRows = 1_000;
const namesShown = 20;

interface Reading {
  shape: TableShape;
  columns: string[];
  isWhole: boolean;
  lines: string[];
  difference: BackupTableDifference;
}

interface Back {
  /** A file that has been checked. */
  file: string;
  /** Where its rows go, and what of it they are compared with. */
  looked: Looked;
  /** Into an empty workspace, every row as it is in the file, changed by this before it is written. Left out: a restore, which repeats nothing that was done since. */
  each?: (line: string) => string;
}

/** @throws Conflict when rows do not fit to what is there: `backup.clash`, `backup.foreign` */
export async function readBack(trx: WorkspaceTransaction, { file, looked, each }: Back): Promise<BackupTableDifference[]> {
  const shapes = new Map((await readShapes(trx)).map((shape) => [shape.table, shape]));
  const read: Reading[] = [];
  const isWhole = each !== undefined;
  for await (const line of linesOf(file)) {
    const kind = line.charAt(0);
    if (kind === 'T') {
      await finish(trx, { reading: read.at(-1), looked });
      read.push(begin(shapes, { line, isWhole }));
    } else if (kind === 'R') {
      const reading = read.at(-1);
      if (!reading) throw broken('a row stands before its table');
      refuseGone(reading);
      reading.lines.push(each ? each(line.slice(1)) : line.slice(1));
      // Rows that refer to others of their own table are checked when the statement ends: all of them in one.
      if (reading.lines.length >= batchRows && !reading.shape.refersTo.includes(reading.shape.table)) await flush(trx, { reading, looked });
    } else if (kind === 'O') break;
  }
  await finish(trx, { reading: read.at(-1), looked });
  return read.map(({ difference }) => difference);
}

function begin(shapes: ReadonlyMap<string, TableShape>, { line, isWhole }: { line: string; isWhole: boolean }): Reading {
  const { table, columns: given } = parsed(TableLine, line);
  const columns = isWhole ? given : restoredColumns(table, given);
  const shape = shapes.get(table) ?? { table, columns: [], key: [], sealed: [], refersTo: [] };
  return {
    shape,
    columns,
    isWhole,
    lines: [],
    difference: { table, title: backupKinds[table] ?? table, added: 0, changed: 0, same: 0, kept: 0, spent: 0, names: [] },
  };
}

/** Rows of an older version that have no place any more; a kind without rows harms nobody. */
function refuseGone({ shape, columns, difference }: Reading): void {
  const gone = columns.filter((column) => !shape.columns.includes(column));
  if (gone.length > 0)
    throw new Conflict('backup.older', `This version has no ${gone.join(', ')} for ${difference.title} any more.`, {
      hint: 'Restore the backup with the version of Tidewheel that made it.',
    });
}

async function finish(trx: WorkspaceTransaction, { reading, looked }: { reading: Reading | undefined; looked: Looked }): Promise<void> {
  if (!reading) return;
  await flush(trx, { reading, looked });
  const { difference } = reading;
  if (reading.shape.columns.length === 0) return;
  const now = await countRows(trx, { looked, table: difference.table });
  difference.kept = Math.max(0, now - difference.added - difference.changed - difference.same);
}

async function flush(trx: WorkspaceTransaction, { reading, looked: { workspaceId } }: { reading: Reading; looked: Looked }): Promise<void> {
  const { shape, columns, isWhole, lines, difference } = reading;
  if (lines.length === 0) return;
  reading.lines = [];
  if (shape.table === 'color') await makeColorMonths(trx, lines);
  const { given, known, spent, written, names } = await fitting(shape.table, () => writeRows(trx, { workspaceId, shape, columns, lines, isWhole }));
  if (given !== lines.length) throw new Conflict('backup.foreign', `The backup has rows of another workspace in ${shape.table}.`);
  const added = given - known - spent;
  difference.added += added;
  difference.changed += written - added;
  difference.same += given - spent - written;
  difference.spent += spent;
  difference.names = [...difference.names, ...names].slice(0, namesShown);
}

/** What Postgres says of rows that are sound but do not fit to what is there now. */
async function fitting(table: string, write: () => Promise<Written>): Promise<Written> {
  try {
    return await write();
  } catch (thrown) {
    const { code, detail } = thrown as { code?: unknown; detail?: unknown };
    if (typeof code !== 'string' || !/^(22|23)/.test(code)) throw thrown;
    throw new Conflict('backup.clash', `A row of ${table} does not fit to what is there now${typeof detail === 'string' ? `: ${detail}` : ''}.`, {
      hint: 'Something of the same name was made since: rename or archive it, then restore again. Nothing was changed.',
      cause: thrown,
    });
  }
}

/** Content under its own hash harms nobody, also when the rows are not written then. */
export async function restoreObjects(objects: ObjectStore, { file, workspaceId }: { file: string; workspaceId: string }): Promise<void> {
  for await (const { sha256, pieces } of objectsIn(file)) {
    const stored = await objects.put(workspaceId, Readable.from(pieces));
    if (stored.sha256 !== sha256)
      throw new Bug('backup.object', `A file of the backup has the SHA-256 ${stored.sha256} instead of ${sha256}, though its seal held.`);
  }
}
