import { listPerformanceTests } from '@tidewheel/client/routes';
import type { PerformanceTest } from '@tidewheel/contract/routes/performance';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { milliseconds, progressText } from './print-report.ts';

const columns: TableColumn<PerformanceTest>[] = [
  { title: 'Id', value: (test) => test.id, whole: true },
  { title: 'Flow', value: (test) => `${test.flow} (version ${test.version})`, whole: true },
  { title: 'State', value: (test) => test.state, whole: true },
  { title: 'Progress', value: progressText },
  { title: 'Median', value: (test) => milliseconds(test.ms?.p50 ?? null) },
  { title: 'Started', value: (test) => instant(test.createdAt), optional: true },
];

export function performanceList() {
  return command('list', { summary: 'List performance tests, newest first', examples: [['tidewheel performance list --flow flights', 'of one flow']] })
    .option('--flow <flow>', 'of this flow')
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async ({ flow, limit, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listPerformanceTests, { query: { ...page, flow } }));
      printListing(context.print, listing, { columns, empty: 'No performance tests. Start one with `tidewheel performance start <flow>`.' });
    });
}
