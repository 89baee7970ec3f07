import { Option } from '@commander-js/extra-typings';
import { listDeadLetters } from '@tidewheel/client/routes';
import { type DeadLetter, deadLetterStates } from '@tidewheel/contract/routes/dead-letters';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { instantOf } from '../run/bulk.ts';

const columns: TableColumn<DeadLetter>[] = [
  { title: 'Run', value: (letter) => String(letter.number), align: 'right' },
  { title: 'Flow', value: (letter) => letter.flow, whole: true },
  { title: 'Step', value: (letter) => letter.step ?? '' },
  { title: 'Error', value: (letter) => letter.code, whole: true },
  { title: 'At', value: (letter) => instant(letter.at), whole: true },
  { title: 'Replays', value: (letter) => (letter.replays > 0 ? String(letter.replays) : ''), align: 'right' },
  { title: 'Message', value: (letter) => letter.message ?? '', optional: true },
];

export function deadLetterList() {
  return command('list', {
    summary: 'List runs that failed for good and that nobody has seen to yet',
    examples: [
      ['tidewheel dead-letter list', 'all that are open'],
      ['tidewheel dead-letter list --flow mifir-daily --code sftp.refused --since 2026-11-19', 'of one flow, with one error, since a date'],
    ],
  })
    .addOption(new Option('--state <state>', 'open unless told').choices(deadLetterStates))
    .option('--flow <flow>', 'of this flow')
    .option('--code <code>', 'with this error')
    .option('--since <when>', 'from this date or instant on')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async ({ state, flow, code, since, limit, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const wanted = { state, flow, code, since: instantOf(since) };
      const listing = await gatherPages(limit, (page) => client.call(listDeadLetters, { query: { ...page, ...wanted } }));
      printListing(context.print, listing, { columns, empty: 'No dead letters: every run that failed was seen to.' });
    });
}
