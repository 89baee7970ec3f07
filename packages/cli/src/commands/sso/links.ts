import { listSsoLinks } from '@tidewheel/client/routes';
import type { SsoLink } from '@tidewheel/contract/routes/sso';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<SsoLink>[] = [
  { title: 'Account', value: (link) => link.user.email, whole: true },
  { title: 'Subject', value: (link) => link.subject },
  { title: 'E-mail there', value: (link) => link.email ?? '-' },
  { title: 'Last sign-in', value: (link) => (link.lastSignInAt === null ? 'never' : instant(link.lastSignInAt)) },
];

export function ssoLinks() {
  return command('links', {
    summary: 'List the accounts that are linked to a provider',
    examples: [['tidewheel sso links acme --json', 'with the claims of each last sign-in']],
  })
    .argument('<provider>', 'its name')
    .option('--limit <n>', 'how many at most', positiveCount, 200)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (query) => client.call(listSsoLinks, { params: { slug }, query }));
      printListing(context.print, listing, { columns, empty: 'Nobody is linked yet.' });
    });
}
