import { listCredentials } from '@tidewheel/client/routes';
import type { Credential } from '@tidewheel/contract/routes/credentials';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<Credential>[] = [
  { title: 'Credential', value: (credential) => credential.slug, whole: true },
  { title: 'Title', value: (credential) => credential.title },
  { title: 'Type', value: (credential) => credential.type },
  { title: 'Used by', value: (credential) => String(credential.usedBy) },
  { title: 'Last used', value: (credential) => instant(credential.lastUsedAt) },
  { title: 'Ends', value: (credential) => credential.expiresOn ?? '' },
  { title: 'State', value: (credential) => credential.state },
];

export function credentialList() {
  return command('list', {
    summary: 'List credentials; what they hold is never shown',
    examples: [['tidewheel credential list --state expiring', 'those that end soon or have ended']],
  })
    .option('--type <type>', 'only of this type')
    .option('--state <state>', 'active, expiring, expired or archived')
    .option('--search <text>', 'only those with this text in name, title or description')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const state = options.state as Credential['state'] | undefined;
      const listing = await gatherPages(options.limit, (page) =>
        client.call(listCredentials, { query: { ...page, type: options.type, state, search: options.search } }),
      );
      printListing(context.print, listing, { columns, empty: 'No credentials. Add one with `tidewheel credential create`.' });
    });
}
