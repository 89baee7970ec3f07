// The content of a backup as it stands at one moment: lines, packed, and encrypted where somebody asked for it.
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { deriveKey } from '../../base/aead.ts';
import type { Databases } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { rowsOf } from './backed-tables.ts';
import { type Head, Tally } from './backup-file.ts';
import { openSnapshot, readObjects, readRows, readShapes } from './backups.store.ts';
import { inOrder } from './order.ts';
import { encrypted } from './passphrase.ts';

export interface Source {
  databases: Databases;
  objects: ObjectStore;
  /** The first root's, for ever: a backup outlives a change of the master key. */
  auditKey: Buffer;
}

export interface Writing {
  head: Head;
  passphrase?: string | undefined;
  signal: AbortSignal;
}

/** What was written, once it has ended. */
export interface Wrote {
  rows: number;
  files: number;
}

export function sealKey({ auditKey }: Pick<Source, 'auditKey'>): Buffer {
  return deriveKey(auditKey, 'backup/seal');
}

/** The bytes of the file. What breaks off has no seal. */
export async function* backupBytes(source: Source, { head, passphrase, signal }: Writing, wrote: Wrote): AsyncGenerator<Uint8Array> {
  const packed = createGzip();
  const fed = pipeline(Readable.from(backupLines(source, head, wrote)), packed, { signal });
  // Whoever reads meets the failure of the feed as that of the stream.
  fed.catch(() => {});
  yield* passphrase === undefined ? packed : encrypted(packed, { passphrase, about: head });
  await fed;
}

async function* backupLines(source: Source, head: Head, wrote: Wrote): AsyncGenerator<string> {
  const tally = new Tally(sealKey(source));
  for await (const line of contentLines(source, head)) {
    tally.add(line);
    yield `${line}\n`;
  }
  yield `${tally.end()}\n`;
  wrote.rows = tally.tables.reduce((sum, { rows }) => sum + rows, 0);
  wrote.files = tally.objects.count;
}

async function* contentLines({ databases, objects }: Source, head: Head): AsyncGenerator<string> {
  yield `H${JSON.stringify(head)}`;
  const looked = { workspaceId: head.workspace.id, scope: head.scope };
  const trx = await openSnapshot(databases);
  try {
    const shapes = (await readShapes(trx)).filter(({ table }) => rowsOf(table, head.scope) !== undefined);
    for (const shape of inOrder(shapes)) {
      yield `T${JSON.stringify({ table: shape.table, columns: shape.columns })}`;
      for await (const lines of readRows(trx, { looked, shape })) for (const line of lines) yield `R${line}`;
    }
    for (const sha256 of await readObjects(trx, looked)) yield* objectLines(objects, { workspaceId: looked.workspaceId, sha256 });
  } finally {
    await trx.rollback().execute();
  }
}

async function* objectLines(objects: ObjectStore, { workspaceId, sha256 }: { workspaceId: string; sha256: string }): AsyncGenerator<string> {
  const file = await objects.localPath(workspaceId, sha256);
  yield `O${JSON.stringify({ sha256, size: (await stat(file)).size })}`;
  for await (const chunk of verifiedRead(await objects.read(workspaceId, sha256), sha256) as AsyncIterable<Buffer>) yield `C${chunk.toString('base64')}`;
}
