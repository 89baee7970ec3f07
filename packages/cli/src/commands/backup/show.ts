import { showBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, size } from '../../output/text.ts';
import { backupNumber } from './backup-options.ts';
import { verifiedText } from './list.ts';

export function backupShow() {
  return command('show', { summary: 'Show a backup', examples: [['tidewheel backup show 3', 'where it lies, and what is known of it']] })
    .argument('<backup>', 'its number', backupNumber)
    .action(async (backup, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const shown = await client.call(showBackup, { params: { backup } });
      context.print.result(shown, () => {
        context.print.line(`Backup ${shown.number}: ${shown.title}`);
        context.print.line(`${shown.scope}, ${shown.state}, made ${instant(shown.madeAt)} by ${shown.madeBy}${shown.encrypted ? ', encrypted' : ''}`);
        context.print.line(
          `${shown.fileName}  ${size(shown.size ?? 0)}  ${shown.place ? `at ${shown.place.connection}/${shown.place.path}` : 'kept by the server'}`,
        );
        if (shown.sha256) context.print.line(`sha256 ${shown.sha256}`);
        if (shown.damage) context.print.line(`Damaged: ${shown.damage}`);
        if (shown.error) context.print.line(`${shown.error.code}: ${shown.error.message}`);
        if (shown.verified)
          context.print.line(
            `Verified ${verifiedText(shown.verified)}: ${shown.verified.fault ?? (shown.verified.opened ? `${shown.verified.rows} rows, ${shown.verified.files} files` : 'size and SHA-256')}`,
          );
        if (shown.restored) context.print.line(`Restored ${instant(shown.restored.at)} by ${shown.restored.by}`);
      });
    });
}
