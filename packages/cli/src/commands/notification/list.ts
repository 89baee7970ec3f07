import { Option } from '@commander-js/extra-typings';
import { listNotifications } from '@tidewheel/client/routes';
import { type NotificationEvent, severities } from '@tidewheel/contract/notification';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<NotificationEvent>[] = [
  { title: 'At', value: (event) => instant(event.at) },
  { title: 'Severity', value: (event) => event.severity, whole: true },
  { title: 'Kind', value: (event) => event.kind, whole: true },
  { title: 'Title', value: (event) => event.title },
  { title: 'Raised by', value: (event) => event.raisedBy ?? '' },
];

export function notificationList() {
  return command('list', {
    summary: 'List notification events, newest first',
    examples: [['tidewheel notification list --severity error --since 2026-11-20T00:00:00Z', 'what went wrong today']],
  })
    .option('--kind <kind>', 'only of this kind: run.failed')
    .addOption(new Option('--severity <severity>', 'only of this severity').choices(severities))
    .option('--since <instant>', 'only from then on, in ISO 8601 with Z')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { kind, severity, since } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listNotifications, { query: { ...page, kind, severity, since } }));
      printListing(context.print, listing, { columns, empty: 'No notification events.' });
    });
}
