import { z } from 'zod';
import { Backup, BackupContents, BackupDifference, BackupPlace, BackupRestored, BackupRows, BackupScope, Passphrase } from '../backup.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Ordinal } from '../whole-number.ts';

const aboutBackups = { tag: 'Backups', access: 'backup.edit' } as const;
const costly = { ...aboutBackups, cost: 'expensive' } as const;
const params = z.object({ backup: Ordinal });
const opened = z.object({ passphrase: z.string().min(1).max(1_000).optional().describe('Of an encrypted backup') });

export const listBackups = defineRoute({
  ...aboutBackups,
  name: 'backup.list',
  method: 'GET',
  path: '/api/backups',
  summary: 'List the backups of the workspace, newest first',
  query: PageQuery,
  response: pageOf(Backup),
});
export const createBackup = defineRoute({
  ...costly,
  name: 'backup.create',
  method: 'POST',
  path: '/api/backups',
  summary: 'Make a backup',
  description: 'As the workspace stands at this moment. It is made while you go on: its state tells when it is ready.',
  body: z.object({
    scope: BackupScope.default('workspace'),
    title: z.string().trim().min(1).max(200).optional(),
    passphrase: Passphrase.optional(),
    place: BackupPlace.optional().describe('Left out: the object store of the server'),
  }),
  response: Backup,
});
export const uploadBackup = defineRoute({
  ...costly,
  name: 'backup.upload',
  method: 'POST',
  path: '/api/backups/upload',
  summary: 'Bring a file of a backup that was downloaded before',
  description: 'Its seal is checked; of an encrypted one only its head, until somebody gives the passphrase.',
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: Backup,
});
export const showBackup = defineRoute({
  ...aboutBackups,
  name: 'backup.show',
  method: 'GET',
  path: '/api/backups/{backup}',
  summary: 'Show a backup',
  params,
  response: Backup,
});
export const removeBackup = defineRoute({
  ...aboutBackups,
  name: 'backup.remove',
  method: 'DELETE',
  path: '/api/backups/{backup}',
  summary: 'Delete a backup with its file',
  params,
  response: Backup,
});
export const downloadBackup = defineRoute({
  ...costly,
  name: 'backup.download',
  method: 'GET',
  path: '/api/backups/{backup}/content',
  summary: 'Download the file of a backup',
  params,
  response: z.string(),
  responseType: 'application/octet-stream',
});
export const verifyBackup = defineRoute({
  ...costly,
  name: 'backup.verify',
  method: 'POST',
  path: '/api/backups/{backup}/verify',
  summary: 'Restore a backup into a scratch workspace, compare, and remove the scratch',
  description: 'Without the passphrase of an encrypted one: whether its file has the size and SHA-256 that were kept when it was made.',
  params,
  body: opened,
  response: z.object({ backup: Backup, contents: BackupContents.nullable() }),
});
export const compareBackup = defineRoute({
  ...costly,
  name: 'backup.compare',
  method: 'POST',
  path: '/api/backups/{backup}/compare',
  summary: 'Show what a restore would add and change, and change nothing',
  params,
  body: opened,
  response: BackupDifference,
});
export const compareBackupRows = defineRoute({
  ...costly,
  name: 'backup.compare_rows',
  method: 'POST',
  path: '/api/backups/{backup}/compare/{table}',
  summary: 'Show the rows of one kind that differ, before and after',
  params: params.extend({ table: z.string().regex(/^[a-z_]{1,63}$/, 'must be the name of a kind') }),
  body: opened,
  response: BackupRows,
});
export const restoreBackup = defineRoute({
  ...costly,
  name: 'backup.restore',
  method: 'POST',
  path: '/api/backups/{backup}/restore',
  summary: 'Bring back what a backup of this workspace has',
  description: 'First a backup of what is there is made. Then all of it or nothing; what came after the backup stays.',
  params,
  body: opened,
  response: BackupRestored,
});
