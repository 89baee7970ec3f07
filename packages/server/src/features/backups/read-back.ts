// Writes a file that has been checked: rows table by table in the given transaction, contents of files before it.
import { Readable } from 'node:stream';
import { Bug, Conflict } from '@tidewheel/contract/errors';
import type { BackupTableDifference } from '@tidewheel/contract/routes/backups';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { broken, linesOf, parsed, parsedObject, TableLine } from './backup-file.ts';
import { countRows, makeColorMonths, readShapes, type TableShape, type Written, writeRows } from './backups.store.ts';

const batchRows = 1_000;
const namesShown = 20;

interface Reading {
  shape: TableShape;
  columns: string[];
  lines: string[];
  difference: BackupTableDifference;
}

/** @throws Conflict when rows do not fit to what is there: `backup.clash`, `backup.foreign` */
export async function readBack(trx: WorkspaceTransaction, { file, workspaceId }: { file: string; workspaceId: string }): Promise<BackupTableDifference[]> {
  const shapes = new Map((await readShapes(trx)).map((shape) => [shape.table, shape]));
  const read: Reading[] = [];
  for await (const line of linesOf(file)) {
    const kind = line.charAt(0);
    if (kind === 'T') {
      await finish(trx, { reading: read.at(-1), workspaceId });
      read.push(begin(shapes, line));
    } else if (kind === 'R') {
      const reading = read.at(-1);
      if (!reading) throw broken('a row stands before its table');
      reading.lines.push(line.slice(1));
      // Rows that refer to others of their own table are checked when the statement ends: all of them in one.
      if (reading.lines.length >= batchRows && !reading.shape.refersTo.includes(reading.shape.table)) await flush(trx, { reading, workspaceId });
    } else if (kind === 'O') break;
  }
  await finish(trx, { reading: read.at(-1), workspaceId });
  return read.map(({ difference }) => difference);
}

function begin(shapes: ReadonlyMap<string, TableShape>, line: string): Reading {
  const { table, columns } = parsed(TableLine, line);
  const shape = shapes.get(table);
  if (!shape) throw broken(`this version has no table ${table}`);
  const strange = columns.filter((column) => !shape.columns.includes(column));
  if (strange.length > 0) throw broken(`this version has no ${strange.join(', ')} in ${table}`);
  return { shape, columns, lines: [], difference: { table, added: 0, changed: 0, same: 0, kept: 0, names: [] } };
}

async function finish(trx: WorkspaceTransaction, { reading, workspaceId }: { reading: Reading | undefined; workspaceId: string }): Promise<void> {
  if (!reading) return;
  await flush(trx, { reading, workspaceId });
  const { difference } = reading;
  const now = await countRows(trx, { workspaceId, table: difference.table });
  difference.kept = now - difference.added - difference.changed - difference.same;
}

async function flush(trx: WorkspaceTransaction, { reading, workspaceId }: { reading: Reading; workspaceId: string }): Promise<void> {
  const { shape, columns, lines, difference } = reading;
  if (lines.length === 0) return;
  reading.lines = [];
  if (shape.table === 'color') await makeColorMonths(trx, lines);
  const { given, known, written, names } = await fitting(shape.table, () => writeRows(trx, { workspaceId, shape, columns, lines }));
  if (given !== lines.length) throw new Conflict('backup.foreign', `The backup has rows of another workspace in ${shape.table}.`);
  difference.added += given - known;
  difference.changed += written - (given - known);
  difference.same += given - written;
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
  const lines = linesOf(file);
  let line = await lines.next();
  while (!line.done) {
    if (!line.value.startsWith('O')) {
      line = await lines.next();
      continue;
    }
    const { sha256 } = parsedObject(line.value);
    const pieces = async function* (): AsyncGenerator<Buffer> {
      for (line = await lines.next(); !line.done && line.value.startsWith('C'); line = await lines.next()) yield Buffer.from(line.value.slice(1), 'base64');
    };
    const stored = await objects.put(workspaceId, Readable.from(pieces()));
    if (stored.sha256 !== sha256)
      throw new Bug('backup.object', `A file of the backup has the SHA-256 ${stored.sha256} instead of ${sha256}, though its seal held.`);
  }
}
