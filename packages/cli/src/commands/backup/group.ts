import { group } from '../../command.ts';
import { backupCreate } from './create.ts';
import { backupDiff } from './diff.ts';
import { backupDownload } from './download.ts';
import { backupList } from './list.ts';
import { backupRemove } from './remove.ts';
import { backupRestore } from './restore.ts';
import { backupShow } from './show.ts';
import { backupUpload } from './upload.ts';
import { backupVerify } from './verify.ts';

export function backup() {
  return group('backup', { summary: 'Back up and restore the workspace or its color desk' })
    .addCommand(backupList())
    .addCommand(backupCreate())
    .addCommand(backupShow())
    .addCommand(backupDownload())
    .addCommand(backupUpload())
    .addCommand(backupVerify())
    .addCommand(backupDiff())
    .addCommand(backupRestore())
    .addCommand(backupRemove());
}
