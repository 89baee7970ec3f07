import { Option } from '@commander-js/extra-typings';
import { listMessages } from '@tidewheel/client/routes';
import { messageStates, type NotificationMessage } from '@tidewheel/contract/notify';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<NotificationMessage>[] = [
  { title: 'At', value: (message) => instant(message.createdAt) },
  { title: 'State', value: (message) => message.state, whole: true },
  { title: 'Channel', value: (message) => message.channel, whole: true },
  { title: 'To', value: (message) => message.to ?? '' },
  { title: 'Title', value: (message) => (message.more > 0 ? `${message.title} (${message.more} more)` : message.title) },
  { title: 'Tries', value: (message) => String(message.attempts), align: 'right' },
  { title: 'Why', value: (message) => message.error ?? message.reason ?? '' },
];

export function notificationMessages() {
  return command('messages', {
    summary: 'List messages to everybody and what became of them, newest first',
    examples: [
      ['tidewheel notification messages --state failed', 'what was given up'],
      ['tidewheel notification messages --to ada@example.org', 'whether she was told, and why not'],
    ],
  })
    .addOption(new Option('--state <state>', 'only in this state').choices(messageStates))
    .option('--channel <channel>', 'only by this channel')
    .option('--to <email>', 'only to this address')
    .option('--flow <flow>', 'only about this flow')
    .option('--event <id>', 'only of this notification event')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { state, channel, to, flow, event } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listMessages, { query: { ...page, state, channel, to, flow, event } }));
      printListing(context.print, listing, { columns, empty: 'No messages.' });
    });
}
