import { openAsBlob } from 'node:fs';
import { compareBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { unreadable } from '../../input.ts';
import { differenceLines } from './difference.ts';

export function backupDiff() {
  return command('diff', {
    summary: 'Show what a restore would add and change, and change nothing',
    examples: [['tidewheel backup diff main-2026-11-21T0512.tidewheel-backup', 'before `backup restore`']],
  })
    .argument('<path>', 'file of the backup')
    .action(async (file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const body = await openAsBlob(file).catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      const difference = await client.call(compareBackup, { body }, { signal: context.interrupted });
      context.print.result(difference, () => {
        for (const line of differenceLines(difference)) context.print.line(line);
      });
    });
}
