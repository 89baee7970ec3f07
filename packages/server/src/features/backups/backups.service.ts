// Backups of a workspace: made as a stream, checked before anything of them is believed, compared by doing the restore and taking it back.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Conflict } from '@tidewheel/contract/errors';
import type { BackupContents, BackupDifference } from '@tidewheel/contract/routes/backups';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { deriveKey } from '../../base/aead.ts';
import { systemClock } from '../../base/clock.ts';
import type { Download } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { newestMigration } from '../../storage/migrate.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { checkFile, formatVersion, type Head, Tally } from './backup-file.ts';
import { openSnapshot, readObjects, readRows, readShapes, slugOf } from './backups.store.ts';
import { inOrder } from './order.ts';
import { readBack, restoreObjects } from './read-back.ts';

export interface BackupDeps {
  databases: Databases;
  objects: ObjectStore;
  /** The first root's, for ever: a backup outlives a change of the master key. */
  auditKey: Buffer;
  /** Where a file is kept while it is looked at. */
  scratch: string;
}

/** One stream, which ends with a seal: what breaks off has none. */
export async function createBackup(deps: BackupDeps, actor: Actor): Promise<Download> {
  requirePermission(actor, 'backup.edit');
  const { databases } = deps;
  const { workspaceId } = actor;
  const slug = await inWorkspace(databases.app, workspaceId, async (trx) => {
    await recordAudit(trx, actor, { action: 'backup.created', object: { type: 'workspace', id: workspaceId, title: await slugOf(trx, workspaceId) } });
    return slugOf(trx, workspaceId);
  });
  const createdAt = systemClock.now().toISOString();
  const head: Head = { format: formatVersion, migration: await newestMigration(), workspace: { id: workspaceId, slug }, createdAt, createdBy: actor.label };
  const packed = createGzip();
  // A failure on the way destroys the stream, which the reader of the answer sees as a broken download.
  pipeline(Readable.from(backupLines(deps, head)), packed).catch(() => {});
  return { stream: packed, mediaType: 'application/gzip', fileName: `${slug}-${createdAt.slice(0, 16).replaceAll(':', '')}.tidewheel-backup` };
}

async function* backupLines(deps: BackupDeps, head: Head): AsyncGenerator<string> {
  const tally = new Tally(sealKey(deps));
  for await (const line of contentLines(deps, head)) {
    tally.add(line);
    yield `${line}\n`;
  }
  yield `${tally.end()}\n`;
}

async function* contentLines({ databases, objects }: BackupDeps, head: Head): AsyncGenerator<string> {
  yield `H${JSON.stringify(head)}`;
  const workspaceId = head.workspace.id;
  const trx = await openSnapshot(databases);
  try {
    for (const shape of inOrder(await readShapes(trx))) {
      yield `T${JSON.stringify({ table: shape.table, columns: shape.columns })}`;
      for await (const lines of readRows(trx, { workspaceId, shape })) for (const line of lines) yield `R${line}`;
    }
    for (const sha256 of await readObjects(trx, workspaceId)) yield* objectLines(objects, { workspaceId, sha256 });
  } finally {
    await trx.rollback().execute();
  }
}

async function* objectLines(objects: ObjectStore, { workspaceId, sha256 }: { workspaceId: string; sha256: string }): AsyncGenerator<string> {
  const file = await objects.localPath(workspaceId, sha256);
  yield `O${JSON.stringify({ sha256, size: (await stat(file)).size })}`;
  for await (const chunk of verifiedRead(await objects.read(workspaceId, sha256), sha256) as AsyncIterable<Buffer>) yield `C${chunk.toString('base64')}`;
}

/** @throws InvalidInput `backup.broken`, `backup.newer`; TooLarge `backup.bomb` */
export async function verifyBackup(deps: BackupDeps, actor: Actor, content: Readable): Promise<BackupContents> {
  requirePermission(actor, 'backup.edit');
  return withFile(deps, content, (file) => checkFile(file, sealKey(deps)));
}

/** Does the restore in a transaction that is taken back, so that it cannot differ from it. */
export async function compareBackup(deps: BackupDeps, actor: Actor, content: Readable): Promise<BackupDifference> {
  requirePermission(actor, 'backup.edit');
  return withFile(deps, content, async (file) => {
    const contents = await ownContents(deps, actor, file);
    const trx = await deps.databases.engine.startTransaction().execute();
    try {
      return { contents, tables: await readBack(trx, { file, workspaceId: actor.workspaceId }) };
    } finally {
      await trx.rollback().execute();
    }
  });
}

/** All of it or nothing; what came after the backup stays. @throws Conflict `backup.clash` */
export async function restoreBackup(deps: BackupDeps, actor: Actor, content: Readable): Promise<BackupDifference> {
  requirePermission(actor, 'backup.edit');
  const { workspaceId } = actor;
  return withFile(deps, content, async (file) => {
    const contents = await ownContents(deps, actor, file);
    await restoreObjects(deps.objects, { file, workspaceId });
    const tables = await deps.databases.engine.transaction().execute(async (trx) => {
      const done = await readBack(trx, { file, workspaceId });
      await noteRestore(trx, actor, { contents, tables: done });
      return done;
    });
    return { contents, tables };
  });
}

async function noteRestore(trx: WorkspaceTransaction, actor: Actor, { contents, tables }: BackupDifference): Promise<void> {
  const touched = tables.filter(({ added, changed }) => added + changed > 0).map(({ table, added, changed }) => ({ table, added, changed }));
  const object = { type: 'workspace', id: actor.workspaceId, title: contents.workspace.slug };
  await recordAudit(trx, actor, { action: 'backup.restored', object, after: { madeAt: contents.createdAt, madeBy: contents.createdBy, tables: touched } });
}

async function ownContents(deps: BackupDeps, actor: Actor, file: string): Promise<BackupContents> {
  const contents = await checkFile(file, sealKey(deps));
  if (contents.workspace.id !== actor.workspaceId)
    throw new Conflict('backup.other_workspace', `The backup is of the workspace "${contents.workspace.slug}", not of this one.`, {
      hint: 'Change to that workspace and restore it there.',
    });
  const here = await newestMigration();
  if (contents.migration > here)
    throw new Conflict('backup.newer_database', `The backup is of a newer version (${contents.migration}) than this one (${here}).`, {
      hint: 'Update Tidewheel, then restore.',
    });
  return contents;
}

async function withFile<T>({ scratch }: BackupDeps, content: Readable, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(scratch, 'backup-'));
  try {
    const file = path.join(folder, 'given');
    await pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sealKey({ auditKey }: BackupDeps): Buffer {
  return deriveKey(auditKey, 'backup/seal');
}
