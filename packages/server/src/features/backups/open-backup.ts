// A kept backup as a plain local file, for as long as somebody looks at it.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupContents, BackupWorkspace } from '@tidewheel/contract/backup';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { z } from 'zod';
import { newestMigration } from '../../storage/migrate.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { checkFile } from './backup-file.ts';
import type { BackupRow } from './kept-backups.store.ts';
import { type MakingDeps, outsideOf } from './make-backup.ts';
import { decrypted } from './passphrase.ts';
import { sealKey } from './write-backup.ts';

export interface Opening {
  row: BackupRow;
  passphrase?: string | undefined;
  signal: AbortSignal;
}

/** @throws InvalidInput `backup.encrypted`, `backup.passphrase`, `backup.broken`; Conflict `backup.not_ready`, `backup.changed_there` */
export async function withPlainFile<T>(deps: MakingDeps, { row, passphrase, signal }: Opening, work: (file: string) => Promise<T>): Promise<T> {
  if (row.encrypted && passphrase === undefined)
    throw new InvalidInput('backup.encrypted', `Backup ${row.number} is encrypted.`, { hint: 'Give the passphrase that it was made with.' });
  return inScratch(deps, async (file) => {
    const bytes = backupContent(deps, { row, signal });
    const content = row.encrypted && passphrase !== undefined ? decrypted(bytes, { passphrase }) : bytes;
    try {
      await pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    } catch (thrown) {
      // What was cut off looks like a wrong passphrase to whoever opens it.
      await proveBytes(deps, { row, signal });
      throw thrown;
    }
    return work(file);
  });
}

/** That its file has the size and SHA-256 that were kept when it was made: nothing of it is opened. @throws Conflict `backup.changed_there`, Unreachable */
export async function proveBytes(deps: MakingDeps, { row, signal }: Pick<Opening, 'row' | 'signal'>): Promise<void> {
  if (row.state !== 'ready') throw notReady(row);
  const there =
    row.connection === null ? await deps.objects.sizeOf(row.workspace_id, row.sha256 ?? '') : await deps.places.sizeOf({ ...outsideOf(row), signal });
  const damage = damageOf(row, there);
  if (damage !== null) throw new Conflict('backup.changed_there', damage, { hint: 'Take another backup.' });
  for await (const _ of backupContent(deps, { row, signal }));
}

/** What its size says of a file; null: nothing. */
export function damageOf({ number, size, connection }: Pick<BackupRow, 'number' | 'size' | 'connection'>, there: number | undefined): string | null {
  if (there === size) return null;
  const where = connection === null ? '' : ` at "${connection}"`;
  if (there === undefined) return `The file of backup ${number} is not there any more${where}.`;
  return `The file of backup ${number}${where} is not the one that was put there: it has ${there} bytes of ${size}.`;
}

export async function inScratch<T>({ scratch }: Pick<MakingDeps, 'scratch'>, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(scratch, 'backup-'));
  try {
    return await work(path.join(folder, 'given'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes as they were made. */
export async function* backupContent({ objects, places }: MakingDeps, { row, signal }: Pick<Opening, 'row' | 'signal'>): AsyncGenerator<Uint8Array> {
  if (row.state !== 'ready' || row.sha256 === null) throw notReady(row);
  if (row.connection === null) {
    yield* verifiedRead(await objects.read(row.workspace_id, row.sha256), row.sha256) as AsyncIterable<Uint8Array>;
    return;
  }
  const hash = createHash('sha256');
  for await (const chunk of places.read({ ...outsideOf(row), signal })) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== row.sha256)
    throw new Conflict('backup.changed_there', `The file of backup ${row.number} at "${row.connection}" is not the one that was put there.`, {
      hint: 'Somebody changed or replaced it: take another backup.',
    });
}

export function notReady({ number, state, is_broken_off }: BackupRow): Conflict {
  if (state === 'making' && !is_broken_off)
    return new Conflict('backup.not_ready', `Backup ${number} is still being made.`, { hint: 'Wait until it is ready.' });
  return new Conflict('backup.not_ready', `Backup ${number} did not come to an end: there is no file.`, { hint: 'Delete it and make another one.' });
}

/** Checks all of a plain file, and that it may be restored here. @throws InvalidInput, TooLarge, Conflict */
export async function ownContents(deps: Pick<MakingDeps, 'auditKey'>, { file, workspaceId }: { file: string; workspaceId: string }): Promise<BackupContents> {
  const contents = await checkFile(file, sealKey(deps));
  refuseOther(contents.workspace, workspaceId);
  const here = await newestMigration();
  if (contents.migration > here)
    throw new Conflict('backup.newer_database', `The backup is of a newer version (${contents.migration}) than this one (${here}).`, {
      hint: 'Update Tidewheel, then restore.',
    });
  return contents;
}

export function refuseOther({ id, slug }: z.infer<typeof BackupWorkspace>, workspaceId: string): void {
  if (id !== workspaceId)
    throw new Conflict('backup.other_workspace', `The backup is of the workspace "${slug}", not of this one.`, {
      hint: 'Change to that workspace and restore it there.',
    });
}
