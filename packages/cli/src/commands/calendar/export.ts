import { Option } from '@commander-js/extra-typings';
import { exportCalendar } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';

export function calendarExport() {
  return command('export', {
    summary: 'Download the days off of some years as CSV or ICS',
    examples: [
      ['tidewheel calendar export TARGET --format ics', 'this year and the next, for a mail program'],
      ['tidewheel calendar export desk --from 2026 --to 2030 --output -', 'CSV on stdout'],
    ],
  })
    .argument('<calendar>', 'name of the calendar')
    .addOption(new Option('--format <format>', 'what to write').choices(['csv', 'ics'] as const).default('csv' as const))
    .option('--from <year>', 'this year when omitted', positiveCount)
    .option('--to <year>', 'the year after the first when omitted', positiveCount)
    .option('--weekends', 'also days that are off by the weekend alone')
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { format, from, to } = options;
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const query = { format, from, to, ...(options.weekends ? { weekends: true } : {}) };
      const response = await (await context.client()).download(exportCalendar, { params: { slug }, query }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, `${slug}.${format}`);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
    });
}
