import { listBuiltInCalendars, listCalendarCountries, listCalendars } from '@tidewheel/client/routes';
import type { CalendarSummary } from '@tidewheel/contract/routes/calendars';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount } from '../../listing.ts';
import { instant } from '../../output/text.ts';

export function calendarList() {
  return command('list', {
    summary: 'List calendars, those that are built in first',
    examples: [
      ['tidewheel calendar list', 'TARGET, NYSE and the like, and your own'],
      ['tidewheel calendar list --archived', 'those that are out of use'],
    ],
  })
    .option('--search <text>', 'only those with this text in name or title')
    .option('--archived', 'the archived ones instead')
    .option('--limit <n>', 'at most so many of your own', positiveCount, 200)
    .action(async ({ search, archived, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const own = await gatherPages(options.limit, (page) => client.call(listCalendars, { query: { ...page, search, archived } }));
      const builtIn = archived ? [] : await client.call(listBuiltInCalendars, {});
      const wanted = (search ?? '').toLowerCase();
      const all = [...builtIn.filter(({ slug, title }) => `${slug} ${title}`.toLowerCase().includes(wanted)), ...own.items];
      context.print.result(all, () => {
        if (all.length === 0) return context.print.note('No calendars.');
        context.print.table<CalendarSummary>(
          [
            { title: 'Calendar', value: (one) => one.slug, whole: true },
            { title: 'Title', value: (one) => one.title },
            { title: 'Version', value: (one) => (one.builtIn ? 'built in' : String(one.version)), align: 'right' },
            { title: 'Changed', value: (one) => instant(one.updatedAt), optional: true },
            { title: 'By', value: (one) => one.updatedBy ?? '', optional: true },
          ],
          all,
        );
      });
    });
}

export function calendarCountries() {
  return command('countries', {
    summary: 'List the countries whose holidays are known',
    examples: [['tidewheel calendar countries --json | jq \'.[] | select(.country == "DE")\'', 'with regions and weekend']],
  }).action(async (options) => {
    const context = contextOf(options);
    const countries = await (await context.client()).call(listCalendarCountries, {});
    context.print.result(countries, () =>
      context.print.table(
        [
          { title: 'Code', value: (one) => one.country, whole: true },
          { title: 'Country', value: (one) => one.title },
          { title: 'Weekend', value: (one) => one.weekend.join(', ') },
          { title: 'Regions', value: (one) => one.regions.map(({ region }) => region).join(' '), optional: true },
        ],
        countries,
      ),
    );
  });
}
