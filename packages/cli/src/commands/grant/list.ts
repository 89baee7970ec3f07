import { Option } from '@commander-js/extra-typings';
import { listGrants } from '@tidewheel/client/routes';
import type { Grant } from '@tidewheel/contract/routes/access';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { whatOf } from './what.ts';

const columns: TableColumn<Grant>[] = [
  { title: 'Grant', value: (grant) => grant.id, whole: true },
  { title: 'To', value: (grant) => grant.user.email },
  { title: 'What', value: whatOf },
  { title: 'State', value: (grant) => grant.state, whole: true },
  { title: 'Until', value: (grant) => instant(grant.until) || 'no end', whole: true },
  { title: 'Why', value: (grant) => grant.reason },
];

export function grantList() {
  return command('list', { summary: 'List grants, newest first', examples: [['tidewheel grant list --state active', 'what holds now']] })
    .option('--user <email>', 'only those of this member')
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'planned', 'lapsed', 'revoked'] as const))
    .option('--role <role>', 'only those of this role')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { user, state, role } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listGrants, { query: { ...page, user, state, role } }));
      printListing(context.print, listing, { columns, empty: 'No grants. Give one with `tidewheel grant add`.' });
    });
}
