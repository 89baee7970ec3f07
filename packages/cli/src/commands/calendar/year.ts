import { showCalendarYear } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { count } from '../../output/text.ts';

const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' });

export function calendarYear() {
  return command('year', {
    summary: 'Show the days off of a year with their reasons',
    examples: [
      ['tidewheel calendar year TARGET 2027', 'without weekends'],
      ['tidewheel calendar year desk 2027 --weekends', 'every day off'],
    ],
  })
    .argument('<calendar>', 'name of the calendar')
    .argument('[year]', 'this year when omitted', positiveCount)
    .option('--weekends', 'also days that are off by the weekend alone')
    .option('--version <n>', 'of this version', positiveCount)
    .action(async (slug, given, options) => {
      const context = contextOf(options);
      const year = given ?? new Date().getUTCFullYear();
      const shown = await (await context.client()).call(showCalendarYear, { params: { slug, year }, query: { version: options.version } });
      context.print.result(shown, () => {
        const days = shown.daysOff.filter(({ reasons }) => options.weekends || reasons.some(({ kind }) => kind !== 'weekend'));
        context.print.table(
          [
            { title: 'Date', value: ({ date }) => date, whole: true },
            { title: 'Day', value: ({ date }) => weekday.format(new Date(`${date}T00:00:00Z`)), whole: true },
            { title: 'What', value: ({ reasons }) => reasons[0]?.kind ?? '', whole: true },
            { title: 'Why', value: ({ reasons }) => reasons.map(({ name }) => name).join(', ') },
          ],
          days,
        );
        context.print.note(`${count(shown.businessDays)} business days in ${year}.`);
      });
    });
}
