import type { Backup } from '@tidewheel/contract/backup';
import type { BackupRow } from './kept-backups.store.ts';

const brokenOff = {
  code: 'backup.broken_off',
  message: 'The server stopped while it was made.',
  hint: 'Delete it and make another one.',
};

export function shownBackup(row: BackupRow): Backup {
  const { number, title, scope, origin, encrypted, size, sha256, rows, files, verified, flow } = row;
  const told = row.error && { code: row.error.code, message: row.error.message, hint: row.error.hint ?? null };
  return {
    ...{ number, title, scope, origin, encrypted, size, sha256, rows, files, verified, flow },
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
