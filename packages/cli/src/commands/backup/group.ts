import { group } from '../../command.ts';
import { backupCreate } from './create.ts';
import { backupDiff } from './diff.ts';
import { backupRestore } from './restore.ts';
import { backupVerify } from './verify.ts';

export function backup() {
  return group('backup', { summary: 'Back up and restore the workspace' })
    .addCommand(backupCreate())
    .addCommand(backupVerify())
    .addCommand(backupDiff())
    .addCommand(backupRestore());
}
