import { compareBackup, compareBackupRows } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { backupNumber, passphraseFlag, passphraseHelp, passphraseOf } from './backup-options.ts';
import { differenceLines, rowLines } from './difference.ts';

export function backupDiff() {
  return command('diff', {
    summary: 'Show what a restore would add and change, and change nothing',
    examples: [
      ['tidewheel backup diff 3', 'before `backup restore`'],
      ['tidewheel backup diff 3 --kind color_rule', 'the rules that differ, before and after'],
    ],
  })
    .argument('<backup>', 'its number', backupNumber)
    .option('--kind <name>', 'the rows of one kind, as the comparison names it')
    .option(passphraseFlag, passphraseHelp)
    .action(async (backup, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const body = await passphraseOf(options);
      const how = { signal: context.interrupted };
      const print = <T>(found: T, lines: (found: T) => string[]) =>
        context.print.result(found, () => {
          for (const line of lines(found)) context.print.line(line);
        });
      if (options.kind === undefined) print(await client.call(compareBackup, { params: { backup }, body }, how), differenceLines);
      else print(await client.call(compareBackupRows, { params: { backup, table: options.kind }, body }, how), rowLines);
    });
}
