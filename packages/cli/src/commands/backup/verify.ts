import { verifyBackup } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { backupNumber, passphraseFlag, passphraseHelp, passphraseOf } from './backup-options.ts';

export function backupVerify() {
  return command('verify', {
    summary: 'Restore a backup into a scratch workspace, compare all of it, and remove the scratch',
    examples: [['tidewheel backup verify 3', 'says how many rows and files were the same']],
  })
    .argument('<backup>', 'its number', backupNumber)
    .option(passphraseFlag, passphraseHelp)
    .action(async (backup, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const found = await client.call(verifyBackup, { params: { backup }, body: await passphraseOf(options) }, { signal: context.interrupted });
      const { verified } = found.backup;
      if (verified?.fault) throw new InvalidInput('backup.broken', `Backup ${backup} does not hold: ${verified.fault}`, { hint: 'Take another backup.' });
      context.print.result(found, () =>
        context.print.line(
          verified?.opened === false
            ? 'Its file has the size and SHA-256 that were kept when it was made. What is in it was not looked at: that takes --passphrase.'
            : `Whole: ${verified?.rows} rows of ${verified?.tables} kinds and ${verified?.files} files were restored into a scratch workspace and are the same.`,
        ),
      );
    });
}
