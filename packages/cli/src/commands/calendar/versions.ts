import { listCalendarVersions } from '@tidewheel/client/routes';
import type { CalendarVersion } from '@tidewheel/contract/routes/calendars';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<CalendarVersion>[] = [
  { title: 'Version', value: (one) => String(one.version), align: 'right' },
  { title: 'Made', value: (one) => instant(one.createdAt), whole: true },
  { title: 'By', value: (one) => one.createdBy },
  { title: 'Note', value: (one) => one.note },
];

export function calendarVersions() {
  return command('versions', { summary: 'List the versions of a calendar', examples: [['tidewheel calendar versions desk', 'the newest first']] })
    .argument('<calendar>', 'name of the calendar')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listCalendarVersions, { params: { slug }, query: page }));
      printListing(context.print, listing, { columns, empty: 'It is built in: it has no versions.' });
    });
}
