import { listBackfills } from '@tidewheel/client/routes';
import type { Backfill } from '@tidewheel/contract/routes/backfills';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { progressText } from './print-backfill.ts';

const columns: TableColumn<Backfill>[] = [
  { title: 'Id', value: (backfill) => backfill.id, whole: true },
  { title: 'Flow', value: (backfill) => backfill.flow, whole: true },
  { title: 'Range', value: ({ from, to, every }) => `${from} to ${to}, each ${every}`, whole: true },
  { title: 'State', value: (backfill) => backfill.state, whole: true },
  { title: 'Progress', value: progressText },
  { title: 'Started', value: (backfill) => instant(backfill.createdAt), optional: true },
];

export function backfillList() {
  return command('list', { summary: 'List backfills, newest first', examples: [['tidewheel backfill list --flow mifir-daily', 'of one flow']] })
    .option('--flow <flow>', 'of this flow')
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async ({ flow, limit, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listBackfills, { query: { ...page, flow } }));
      printListing(context.print, listing, { columns, empty: 'No backfills. Start one with `tidewheel backfill start <flow>`.' });
    });
}
