import type { Backup } from '@tidewheel/contract/backup';
import type { BackupRow } from './kept-backups.store.ts';
import type { MakingDeps } from './make-backup.ts';
import { damageOf } from './open-backup.ts';

const brokenOff = {
  code: 'backup.broken_off',
  message: 'The server stopped while it was made.',
  hint: 'Delete it and make another one.',
};

/** Looks how long its file is where that costs nothing: at a connection it does not. */
export async function shownBackup({ objects }: Pick<MakingDeps, 'objects'>, row: BackupRow): Promise<Backup> {
  if (row.state !== 'ready' || row.connection !== null || row.sha256 === null) return shownRow(row);
  return { ...shownRow(row), damage: damageOf(row, await objects.sizeOf(row.workspace_id, row.sha256)) };
}

/** What its row says. */
export function shownRow(row: BackupRow): Backup {
  const { number, title, scope, origin, encrypted, size, sha256, rows, files, verified, flow } = row;
  const told = row.error && { code: row.error.code, message: row.error.message, hint: row.error.hint ?? null };
  return {
    ...{ number, title, scope, origin, encrypted, size, sha256, rows, files, flow },
    damage: null,
    // Those of before this was told could only be opened.
    verified: verified && { ...verified, opened: verified.opened ?? true },
    state: row.is_broken_off ? 'failed' : row.state,
    place: row.connection === null ? null : { connection: row.connection, path: row.folder ?? '' },
    fileName: row.file_name,
    madeAt: row.made_at.toISOString(),
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    runId: row.run_id,
    error: row.is_broken_off ? brokenOff : told,
    restored: row.restored_at && { at: row.restored_at.toISOString(), by: row.restored_by ?? '' },
  };
}
