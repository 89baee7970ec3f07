import { restoreBackup } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { backupNumber, passphraseFlag, passphraseHelp, passphraseOf } from './backup-options.ts';
import { differenceLines } from './difference.ts';

export function backupRestore() {
  return command('restore', {
    summary: 'Bring back what a backup of this workspace has; what came after it stays',
    examples: [['tidewheel backup restore 3 --yes', 'all of it or nothing, after a backup of what is there; look at `backup diff` first']],
  })
    .argument('<backup>', 'its number', backupNumber)
    .option('--yes', 'write it: without this nothing is changed')
    .option(passphraseFlag, passphraseHelp)
    .action(async (backup, options) => {
      const context = contextOf(options);
      if (options.yes !== true)
        throw new InvalidInput('backup.unconfirmed', 'A restore changes the workspace.', {
          hint: 'Look at `tidewheel backup diff` first, then say --yes.',
        });
      const client = await context.client();
      const done = await client.call(restoreBackup, { params: { backup }, body: await passphraseOf(options) }, { signal: context.interrupted });
      context.print.result(done, () => {
        for (const line of differenceLines(done)) context.print.line(line);
        context.print.line(`What was there before is backup ${done.before}.`);
      });
    });
}
