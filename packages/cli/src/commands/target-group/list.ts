import { listTargetGroups } from '@tidewheel/client/routes';
import type { TargetGroup } from '@tidewheel/contract/target';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { count, plain } from '../../output/text.ts';

const columns: TableColumn<TargetGroup>[] = [
  { title: 'Group', value: (group) => group.slug, whole: true },
  { title: 'Title', value: (group) => plain(group.title) },
  { title: 'Hosts', value: (group) => count(group.members), align: 'right' },
  { title: 'Query', value: (group) => plain(group.query ?? '') },
];

export function targetGroupList() {
  return command('list', { summary: 'List groups of hosts', examples: [['tidewheel target-group list', 'with how many hosts are in each']] })
    .option('--search <text>', 'only those with this text in name or title')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listTargetGroups, { query: { ...page, search: options.search } }));
      printListing(context.print, listing, { columns, empty: 'No groups. Make one with `tidewheel target-group create`.' });
    });
}
