import { uploadBackup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { readBlob } from '../../input.ts';
import { size } from '../../output/text.ts';

export function backupUpload() {
  return command('upload', {
    summary: 'Bring the file of a backup that was downloaded before',
    examples: [['tidewheel backup upload friday.tidewheel-backup', 'then `backup diff` and `backup restore` by its number']],
  })
    .argument('<path>', 'file of the backup')
    .action(async (file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const body = await readBlob(file);
      const kept = await client.call(uploadBackup, { body }, { signal: context.interrupted });
      context.print.result(kept, () => context.print.line(`Backup ${kept.number}  ${size(kept.size ?? 0)}${kept.encrypted ? '  encrypted' : ''}`));
    });
}
