import { downloadBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';
import { backupNumber } from './backup-options.ts';

export function backupDownload() {
  return command('download', {
    summary: 'Download the file of a backup; an encrypted one stays encrypted',
    examples: [['tidewheel backup download 3 --output friday.tidewheel-backup', 'under a name of your own']],
  })
    .argument('<backup>', 'its number', backupNumber)
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (backup, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const response = await client.download(downloadBackup, { params: { backup } }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, `backup-${backup}.tidewheel-backup`);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}  sha256 ${saved.sha256}`));
    });
}
