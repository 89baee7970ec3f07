// Proves a kept backup by restoring it into a scratch workspace, and keeps what was found with it.
import type { Backup, BackupContents, BackupVerification } from '@tidewheel/contract/backup';
import { AppError } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type BackupDeps, existing, type Opened, withBackup } from './backups.service.ts';
import { type BackupRow, saveVerification } from './kept-backups.store.ts';
import { objectOf } from './make-backup.ts';
import { ownContents, proveBytes } from './open-backup.ts';
import { proveBackup } from './scratch-restore.ts';
import { shownBackup } from './shown-backup.ts';

/** Faults of the file itself; another passphrase or an unreachable place says nothing about it. */
const faults: ReadonlySet<string> = new Set([
  'backup.broken',
  'backup.bomb',
  'backup.changed_there',
  'backup.clash',
  'backup.foreign',
  'backup.older',
  'object.damaged',
  'object.missing',
]);

interface Outcome {
  contents: BackupContents | null;
  counts: { tables: number; rows: number; files: number };
  opened: boolean;
  fault: string | null;
}

export async function verifyBackup(deps: BackupDeps, actor: Actor, opened: Opened): Promise<{ backup: Backup; contents: BackupContents | null }> {
  requirePermission(actor, 'backup.edit');
  const row = await existing(deps, actor, opened.number);
  const { contents, counts, opened: isOpened, fault } = await outcome(deps, actor, { ...opened, row });
  const verified: BackupVerification = { at: systemClock.now().toISOString(), by: actor.label, ...counts, opened: isOpened, fault };
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    await saveVerification(trx, { number: row.number, verified, counts: contents && { rows: counts.rows, files: counts.files } });
    await recordAudit(trx, actor, { action: 'backup.verified', object: objectOf(row), after: { ...counts, opened: isOpened, fault } });
  });
  return { backup: { ...(await shownBackup(deps, row)), verified, ...(contents ? { rows: counts.rows, files: counts.files } : {}) }, contents };
}

const nothing = { contents: null, counts: { tables: 0, rows: 0, files: 0 } };

async function outcome(deps: BackupDeps, actor: Actor, { row, ...opened }: Opened & { row: BackupRow }): Promise<Outcome> {
  const isOpened = !row.encrypted || opened.passphrase !== undefined;
  try {
    if (!isOpened) {
      await proveBytes(deps, { row, signal: opened.signal });
      return { ...nothing, opened: false, fault: null };
    }
    return await withBackup(deps, actor, opened, async (file) => {
      const contents = await ownContents(deps, { file, workspaceId: actor.workspaceId });
      return { contents, counts: await proveBackup(deps, { file, contents }), opened: true, fault: null };
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !faults.has(thrown.code)) throw thrown;
    return { ...nothing, opened: isOpened, fault: thrown.message };
  }
}
