import { listConnections } from '@tidewheel/client/routes';
import type { Connection } from '@tidewheel/contract/routes/connections';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<Connection>[] = [
  { title: 'Connection', value: (connection) => connection.slug, whole: true },
  { title: 'Title', value: (connection) => connection.title },
  { title: 'Type', value: (connection) => connection.type },
  { title: 'Folder', value: (connection) => connection.folder ?? '', optional: true },
  { title: 'Secret', value: (connection) => connection.credential ?? (connection.hasSecret ? 'its own' : '') },
  { title: 'Changed', value: (connection) => instant(connection.updatedAt), whole: true },
];

export function connectionList() {
  return command('list', { summary: 'List connections', examples: [['tidewheel connection list --type sftp', 'those of one type']] })
    .option('--type <type>', 'only of this type')
    .option('--folder <path>', 'only those in this folder and below it')
    .option('--search <text>', 'only those with this text in name or title')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) =>
        client.call(listConnections, { query: { ...page, type: options.type, folder: options.folder, search: options.search } }),
      );
      printListing(context.print, listing, { columns, empty: 'No connections. Add one with `tidewheel connection create`.' });
    });
}
