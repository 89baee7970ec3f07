import { exportAudit } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';
import { filterOf, instantOf, knownAction } from './filter.ts';

export function auditExport() {
  return command('export', {
    summary: 'Export entries with their proofs as NDJSON',
    description: 'Without a filter the export is complete, and verifying it also proves that nothing was left out.',
    examples: [
      ['tidewheel audit export --output audit.ndjson', 'everything'],
      ['tidewheel audit export --from 2026-10-01 --to 2026-10-31 --output october.ndjson', 'a selection'],
    ],
  })
    .option('--actor <who>', 'only by this person: part of the name, or the whole id')
    .option('--action <action>', 'only this action, as flow.applied', knownAction)
    .option('--object-type <type>', 'only on objects of this type, as connection')
    .option('--object <id>', 'only on the object with this id')
    .option('--from <instant>', 'not before', instantOf)
    .option('--to <instant>', 'not after', instantOf)
    .option('-o, --output <file>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (options) => {
      const context = contextOf(options);
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const response = await (await context.client()).download(exportAudit, { query: filterOf(options) }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, 'audit.ndjson');
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}  sha256 ${saved.sha256}`));
    });
}
