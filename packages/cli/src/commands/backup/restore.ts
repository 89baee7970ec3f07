import { openAsBlob } from 'node:fs';
import { restoreBackup } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { unreadable } from '../../input.ts';
import { differenceLines } from './difference.ts';

export function backupRestore() {
  return command('restore', {
    summary: 'Bring back what a backup of this workspace has; what came after it stays',
    examples: [['tidewheel backup restore main-2026-11-21T0512.tidewheel-backup --yes', 'all of it or nothing; look at `backup diff` first']],
  })
    .argument('<path>', 'file of the backup')
    .option('--yes', 'write it: without this nothing is changed')
    .action(async (file, options) => {
      const context = contextOf(options);
      if (options.yes !== true)
        throw new InvalidInput('backup.unconfirmed', 'A restore changes the workspace.', {
          hint: 'Look at `tidewheel backup diff` first, then say --yes.',
        });
      const client = await context.client();
      const body = await openAsBlob(file).catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      const done = await client.call(restoreBackup, { body }, { signal: context.interrupted });
      context.print.result(done, () => {
        for (const line of differenceLines(done)) context.print.line(line);
      });
    });
}
