import { Option } from '@commander-js/extra-typings';
import { listInbox } from '@tidewheel/client/routes';
import { severities } from '@tidewheel/contract/notification';
import type { InboxItem } from '@tidewheel/contract/notify';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<InboxItem>[] = [
  { title: 'At', value: (item) => instant(item.at) },
  { title: '', value: (item) => (item.readAt === null ? 'new' : '') },
  { title: 'Severity', value: (item) => item.severity, whole: true },
  { title: 'Title', value: (item) => (item.more > 0 ? `${item.title} (${item.more} more)` : item.title) },
  { title: 'Flow', value: (item) => item.flow ?? '' },
];

export function notificationInbox() {
  return command('inbox', {
    summary: 'List what I was told of, newest first',
    examples: [['tidewheel notification inbox --unread', 'what is behind the bell']],
  })
    .option('--unread', 'only what I have not read')
    .addOption(new Option('--severity <severity>', 'only of this severity').choices(severities))
    .option('--flow <flow>', 'only about this flow')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { severity, flow } = options;
      const unread = options.unread ? true : undefined;
      const listing = await gatherPages(options.limit, (page) => client.call(listInbox, { query: { ...page, unread, severity, flow } }));
      printListing(context.print, listing, { columns, empty: 'Nothing.' });
    });
}
