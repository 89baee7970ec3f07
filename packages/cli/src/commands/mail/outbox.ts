import { Option } from '@commander-js/extra-typings';
import { listOutbox } from '@tidewheel/client/routes';
import type { OutboxMail } from '@tidewheel/contract/routes/mail';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<OutboxMail>[] = [
  { title: 'Written', value: (mail) => instant(mail.createdAt) },
  { title: 'State', value: (mail) => mail.state, whole: true },
  { title: 'To', value: (mail) => mail.to },
  { title: 'Subject', value: (mail) => mail.subject },
  { title: 'Attempts', value: (mail) => String(mail.attempts), align: 'right' },
  { title: 'Next', value: (mail) => instant(mail.nextAttemptAt) },
  { title: 'Error', value: (mail) => mail.error ?? '' },
];

export function mailOutbox() {
  return command('outbox', {
    summary: 'List mails, newest first',
    examples: [['tidewheel mail outbox --state waiting', 'what could not be sent yet, and why']],
  })
    .addOption(new Option('--state <state>', 'only in this state').choices(['waiting', 'sent', 'failed'] as const))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listOutbox, { query: { ...page, state: options.state } }));
      printListing(context.print, listing, { columns, empty: 'No mails.' });
    });
}
