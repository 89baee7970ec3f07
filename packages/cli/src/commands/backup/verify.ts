import { openAsBlob } from 'node:fs';
import { verifyBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { unreadable } from '../../input.ts';
import { instant, size } from '../../output/text.ts';

export function backupVerify() {
  return command('verify', {
    summary: 'Check a backup: its seal, and the hash of every table and file',
    examples: [['tidewheel backup verify main-2026-11-21T0512.tidewheel-backup', 'and say what is in it']],
  })
    .argument('<path>', 'file of the backup')
    .action(async (file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const body = await openAsBlob(file).catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      const contents = await client.call(verifyBackup, { body }, { signal: context.interrupted });
      context.print.result(contents, () => {
        context.print.line(`Whole. Workspace ${contents.workspace.slug}, made ${instant(contents.createdAt)} by ${contents.createdBy}`);
        for (const { table, rows } of contents.tables) if (rows > 0) context.print.line(`${table}  ${rows}`);
        context.print.line(`files  ${contents.objects.count}  ${size(contents.objects.bytes)}`);
      });
    });
}
