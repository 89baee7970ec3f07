// Proves a backup: all of it is restored into a scratch workspace, read back from there and compared, and the scratch is gone again. Its rows live in one transaction that is taken back.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BackupContents } from '@tidewheel/contract/backup';
import { newId } from '../../base/ids.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { broken, linesOf, parsed, TableLine } from './backup-file.ts';
import { makeWorkspace, readRows, readShapes } from './backups.store.ts';
import { objectsIn } from './objects-in.ts';
import { readBack } from './read-back.ts';
import type { Source } from './write-backup.ts';

export interface Proven {
  tables: number;
  rows: number;
  files: number;
}

const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Tables whose ids are unique over all workspaces: in the scratch they get others. */
const idAlone: ReadonlySet<string> = new Set(['flow_trigger', 'run', 'schedule']);

/** @throws InvalidInput `backup.broken` when what came out is not what is in the file */
export async function proveBackup(
  source: Pick<Source, 'databases' | 'objects'>,
  { file, contents }: { file: string; contents: BackupContents },
): Promise<Proven> {
  const scratch = newId();
  const names = await otherNames(file, { of: contents.workspace.id, is: scratch });
  const trx = await source.databases.engine.startTransaction().execute();
  try {
    await makeWorkspace(trx, scratch);
    const looked = { workspaceId: scratch, scope: 'workspace' } as const;
    const read = await readBack(trx, { file, looked, each: (line) => renamed(line, names) });
    const back = new Map([...names].map(([from, to]) => [to, from]));
    const there = await sumsOfTables(trx, { file, scratch, back });
    const given = await sumsOfFile(file);
    for (const [table, sum] of given) if (there.get(table) !== sum) throw broken(`what was restored of ${table} is not what it has`);
    const files = await proveObjects(source, { file, scratch });
    return { tables: read.length, rows: read.reduce((sum, { added }) => sum + added, 0), files };
  } finally {
    await trx.rollback().execute();
  }
}

async function otherNames(file: string, { of, is }: { of: string; is: string }): Promise<Map<string, string>> {
  const names = new Map([[of, is]]);
  let isTaken = false;
  for await (const line of linesOf(file)) {
    if (line.startsWith('O')) break;
    if (line.startsWith('T')) isTaken = idAlone.has(parsed(TableLine, line).table);
    if (isTaken && line.startsWith('R')) names.set((JSON.parse(line.slice(1)) as { id: string }).id, newId());
  }
  return names;
}

function renamed(line: string, names: ReadonlyMap<string, string>): string {
  return line.replace(anyId, (id) => names.get(id) ?? id);
}

/** In another order they are the same rows: the sum of their hashes says so. */
class RowSum {
  #sum = 0n;
  #rows = 0;
  add(line: string): void {
    this.#sum = BigInt.asUintN(256, this.#sum + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`));
    this.#rows += 1;
  }
  text(): string {
    return `${this.#rows} ${this.#sum.toString(16)}`;
  }
}

async function sumsOfFile(file: string): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  let table = '';
  let sum = new RowSum();
  for await (const line of linesOf(file)) {
    if (line.startsWith('R')) sum.add(line.slice(1));
    else {
      if (table !== '') sums.set(table, sum.text());
      if (!line.startsWith('T')) {
        if (line.startsWith('O')) break;
        continue;
      }
      table = parsed(TableLine, line).table;
      sum = new RowSum();
    }
  }
  return sums;
}

async function sumsOfTables(
  trx: WorkspaceTransaction,
  { file, scratch, back }: { file: string; scratch: string; back: ReadonlyMap<string, string> },
): Promise<Map<string, string>> {
  const shapes = new Map((await readShapes(trx)).map((shape) => [shape.table, shape]));
  const sums = new Map<string, string>();
  for await (const line of linesOf(file)) {
    if (line.startsWith('O')) break;
    if (!line.startsWith('T')) continue;
    const { table, columns } = parsed(TableLine, line);
    const shape = shapes.get(table);
    const sum = new RowSum();
    const looked = { workspaceId: scratch, scope: 'workspace' } as const;
    const known = columns.filter((column) => shape?.columns.includes(column));
    // Of a kind that this version does not have the file has no rows, or they would not have been restored.
    if (shape) for await (const rows of readRows(trx, { looked, shape, columns: known, all: true })) for (const row of rows) sum.add(renamed(row, back));
    sums.set(table, sum.text());
  }
  return sums;
}

/** Into the object store of the scratch and out of it again; one at a time, so that at most one is left by whoever dies. */
async function proveObjects({ objects }: Pick<Source, 'objects'>, { file, scratch }: { file: string; scratch: string }): Promise<number> {
  let count = 0;
  for await (const { sha256, pieces } of objectsIn(file)) {
    const stored = await objects.put(scratch, Readable.from(pieces));
    try {
      const hash = createHash('sha256');
      for await (const chunk of await objects.read(scratch, stored.sha256)) hash.update(chunk as Buffer);
      if (stored.sha256 !== sha256 || hash.digest('hex') !== sha256) throw broken(`the file ${sha256.slice(0, 12)}… came out with another content`);
    } finally {
      await objects.remove(scratch, stored.sha256);
    }
    count += 1;
  }
  return count;
}
