import { Option } from '@commander-js/extra-typings';
import { listTargets } from '@tidewheel/client/routes';
import type { Target } from '@tidewheel/contract/target';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { filterFrom, withHostFilters } from './filter.ts';

const columns: TableColumn<Target>[] = [
  { title: 'Host', value: (target) => target.name, whole: true },
  { title: 'Address', value: (target) => target.address },
  { title: 'System', value: (target) => target.os },
  { title: 'By', value: (target) => target.transport, optional: true },
  { title: 'State', value: (target) => target.state, whole: true },
  { title: 'Category', value: (target) => target.category ?? '', optional: true },
  { title: 'Tags', value: (target) => target.tags.join(' '), optional: true },
  { title: 'Last contact', value: (target) => instant(target.contact?.at ?? null), whole: true },
];

export function targetList() {
  return withHostFilters(
    command('list', {
      summary: 'List hosts',
      examples: [
        ['tidewheel target list --tag web --os linux', 'Linux hosts with a tag'],
        ['tidewheel target list --state failed', 'those that could not be reached last'],
        ['tidewheel target list --not-seen 30', 'those that nobody reached for 30 days'],
      ],
    }),
  )
    .addOption(new Option('--sort <order>', 'in this order').choices(['name', '-name', 'address', 'changed', 'contact'] as const).default('name' as const))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const query = { ...filterFrom(options), sort: options.sort };
      const listing = await gatherPages(options.limit, (page) => client.call(listTargets, { query: { ...page, ...query } }));
      printListing(context.print, listing, { columns, empty: 'No hosts. Add one with `tidewheel target create`, or many with `tidewheel target import`.' });
    });
}
