import { Option } from '@commander-js/extra-typings';
import { listDelegations } from '@tidewheel/client/routes';
import type { Delegation } from '@tidewheel/contract/routes/access';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<Delegation>[] = [
  { title: 'Delegation', value: (one) => one.id, whole: true },
  { title: 'From', value: (one) => one.from.email },
  { title: 'To', value: (one) => one.to.email },
  { title: 'What', value: (one) => one.permissions?.join(', ') ?? 'all of the role' },
  { title: 'State', value: (one) => one.state, whole: true },
  { title: 'Until', value: (one) => instant(one.until), whole: true },
];

export function delegationList() {
  return command('list', {
    summary: 'List what you lent and what was lent to you',
    examples: [['tidewheel delegation list --all', 'of everybody, for administrators']],
  })
    .option('--all', "everybody's")
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'planned', 'lapsed', 'revoked'] as const))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const of = options.all ? 'all' : 'mine';
      const listing = await gatherPages(options.limit, (page) => client.call(listDelegations, { query: { ...page, of, state: options.state } }));
      printListing(context.print, listing, { columns, empty: 'Nothing is lent.' });
    });
}
