import { listSsoProviders } from '@tidewheel/client/routes';
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import { command, contextOf } from '../../command.ts';
import { printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';

const columns: TableColumn<SsoProvider>[] = [
  { title: 'Name', value: (provider) => provider.slug, whole: true },
  { title: 'Title', value: (provider) => provider.title },
  { title: 'Issuer', value: (provider) => provider.issuer },
  { title: 'On', value: (provider) => (provider.enabled ? 'yes' : 'no') },
  { title: 'Rules', value: (provider) => String(provider.mapping.rules.length), align: 'right' },
  { title: 'Linked', value: (provider) => String(provider.users), align: 'right' },
];

export function ssoList() {
  return command('list', { summary: 'List the providers', examples: [['tidewheel sso list', 'with how many accounts are linked']] }).action(async (options) => {
    const context = contextOf(options);
    const items = await (await context.client()).call(listSsoProviders);
    printListing(
      context.print,
      { items, total: items.length, totalCapped: false },
      { columns, empty: 'There is no provider; add one with `tidewheel sso add`.' },
    );
  });
}
