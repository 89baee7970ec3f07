import { listFiles } from '@tidewheel/client/routes';
import type { StoredFile } from '@tidewheel/contract/routes/files';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, size } from '../../output/text.ts';

const columns: TableColumn<StoredFile>[] = [
  { title: 'File', value: (file) => file.slug, whole: true },
  { title: 'Name', value: (file) => file.name },
  { title: 'Size', value: (file) => size(file.size), align: 'right' },
  { title: 'Uploaded', value: (file) => instant(file.createdAt), whole: true },
  { title: 'By', value: (file) => file.createdBy, optional: true },
  { title: 'SHA-256', value: (file) => file.sha256.slice(0, 12), whole: true, optional: true },
];

export function fileList() {
  return command('list', { summary: 'List uploaded files', examples: [['tidewheel file list --search xsd', 'those with xsd in their name']] })
    .option('--search <text>', 'only those with this text in their name')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listFiles, { query: { ...page, search: options.search } }));
      printListing(context.print, listing, { columns, empty: 'No files. Add one with `tidewheel file upload <path>`.' });
    });
}
