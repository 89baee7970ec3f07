// Backups that come from elsewhere, and those that go.
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Backup } from '@tidewheel/contract/backup';
import { Conflict, TooLarge } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { AuditActor } from '../../base/audit.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { broken } from './backup-file.ts';
import type { BackupDeps } from './backups.service.ts';
import { found } from './backups.service.ts';
import { addBackup, type BackupRow, findMade, isShared, lockBackup, markRemoved } from './kept-backups.store.ts';
import { type MakingDeps, objectOf, outsideOf } from './make-backup.ts';
import { inScratch, ownContents, refuseOther } from './open-backup.ts';
import { readAbout } from './passphrase.ts';
import { shownRow } from './shown-backup.ts';

/** Nothing is kept of a file that is no backup of this workspace. @throws InvalidInput, TooLarge, Conflict */
export async function uploadBackup(deps: BackupDeps, actor: Actor, content: Readable): Promise<Backup> {
  requirePermission(actor, 'backup.edit');
  const { workspaceId } = actor;
  return inScratch(deps, async (file) => {
    await pipeline(withinLimit(content, deps.uploadMaxBytes()), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    const about = await readAbout(file);
    if (about) {
      refuseOther(about.workspace, workspaceId);
      await refuseCut(deps, { file, workspaceId, createdAt: about.createdAt });
    }
    const contents = about ? null : await ownContents(deps, { file, workspaceId });
    const { scope, createdAt, createdBy } = about ?? (contents as NonNullable<typeof contents>);
    const stored = await deps.objects.putFile(workspaceId, file);
    const counts = { rows: contents ? contents.tables.reduce((sum, { rows }) => sum + rows, 0) : null, files: contents?.objects.count ?? null };
    const kept = {
      workspace_id: workspaceId,
      title: `Brought back by ${actor.label}`,
      scope,
      origin: 'upload',
      state: 'ready',
      encrypted: about !== null,
    } as const;
    const nowhere = { connection: null, folder: null, flow: null, step: null, run_id: null };
    const who = { made_at: new Date(createdAt), made_by: createdBy.slice(0, 200), created_by: actor.label };
    return inWorkspace(deps.databases.app, workspaceId, async (trx) => {
      const named = (number: number) => `uploaded-${createdAt.slice(0, 16).replaceAll(':', '')}-${number}.tidewheel-backup`;
      const row = await addBackup(trx, { ...kept, ...nowhere, ...who, ...counts, size: stored.size, sha256: stored.sha256 }, named);
      await recordAudit(trx, actor, {
        action: 'backup.uploaded',
        object: objectOf(row),
        after: { sha256: stored.sha256, madeAt: createdAt, madeBy: createdBy },
      });
      return shownRow(row);
    });
  });
}

/** What is encrypted says nothing of its length, but where it was made here that is on record. @throws InvalidInput `backup.broken` */
async function refuseCut({ databases }: BackupDeps, { file, workspaceId, createdAt }: { file: string; workspaceId: string; createdAt: string }): Promise<void> {
  const made = await inWorkspace(databases.app, workspaceId, (trx) => findMade(trx, createdAt));
  const { size } = await stat(file);
  if (made?.size != null && made.size !== size) throw broken(`it has ${size} bytes, and backup ${made.number}, which it is a copy of, has ${made.size}`);
}

/** With its file, wherever it lies. */
export async function removeBackup(deps: BackupDeps, actor: Actor, { number, signal }: { number: number; signal: AbortSignal }): Promise<Backup> {
  requirePermission(actor, 'backup.edit');
  return shownRow(await takeAway(deps, { by: actor, number, signal }));
}

/** Should it end half way, the row is still there and the same again finishes it. @throws NotFound, Conflict `backup.not_ready`, Unreachable */
export async function takeAway(
  { databases, objects, places }: MakingDeps,
  { by, number, signal }: { by: AuditActor; number: number; signal: AbortSignal },
): Promise<BackupRow> {
  return inWorkspace(databases.app, by.workspaceId, async (trx) => {
    const row = found(await lockBackup(trx, number), number);
    if (row.state === 'making' && !row.is_broken_off)
      throw new Conflict('backup.not_ready', `Backup ${number} is still being made.`, { hint: 'Delete it when it is ready.' });
    await markRemoved(trx, { number, by: by.label });
    await recordAudit(trx, by, {
      action: 'backup.removed',
      object: objectOf(row),
      before: { title: row.title, origin: row.origin, size: row.size, sha256: row.sha256 },
    });
    if (row.connection !== null && row.state === 'ready') await places.remove({ ...outsideOf(row), signal });
    else if (row.sha256 !== null && !(await isShared(trx, { number, sha256: row.sha256 }))) await objects.remove(row.workspace_id, row.sha256);
    return row;
  });
}

async function* withinLimit(content: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > most)
      throw new TooLarge('backup.too_large', `A file that is brought may have at most ${Math.floor(most / 1024 ** 2)} MB.`, {
        hint: 'An administrator can raise the limit of uploads under Security.',
        details: { limitBytes: most },
      });
    yield chunk;
  }
}
