import { removeBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { backupNumber } from './backup-options.ts';

export function backupRemove() {
  return command('remove', { summary: 'Delete a backup with its file', examples: [['tidewheel backup remove 3', 'it cannot be brought back']] })
    .argument('<backup>', 'its number', backupNumber)
    .action(async (backup, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const removed = await client.call(removeBackup, { params: { backup } });
      context.print.result(removed, () => context.print.line(`Backup ${removed.number} was deleted with its file.`));
    });
}
