import { exportTargets } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';
import { filterFrom, withHostFilters } from './filter.ts';

export function targetExport() {
  return withHostFilters(
    command('export', {
      summary: 'Write hosts as CSV, as `target import` takes it',
      examples: [['tidewheel target export --tag web --output web.csv', 'those with a tag']],
    }),
  )
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const response = await client.download(exportTargets, { query: filterFrom(options) }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, 'targets.csv');
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
    });
}
