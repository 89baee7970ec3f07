import { createBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';

export function backupCreate() {
  return command('create', {
    summary: 'Save a backup of the workspace: its configuration, its color desk and its files',
    examples: [
      ['tidewheel backup create', 'under the name of the workspace and the time'],
      ['tidewheel backup create --output before-the-change.tidewheel-backup', 'under a name of your own'],
    ],
  })
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const response = await client.download(createBackup, {}, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, 'workspace.tidewheel-backup');
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}  sha256 ${saved.sha256}`));
    });
}
