import { compareCalendar } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';

export function calendarCompare() {
  return command('compare', {
    summary: 'Compare two versions of a calendar by the days of some years',
    examples: [['tidewheel calendar compare desk 1 3 --year 2026 --years 5', 'days that were closed or opened from 2026 to 2030']],
  })
    .argument('<calendar>', 'name of the calendar')
    .argument('<from>', 'a version', positiveCount)
    .argument('<to>', 'another version', positiveCount)
    .option('--year <year>', 'the first year; this one when omitted', positiveCount)
    .option('--years <n>', 'how many', positiveCount, 2)
    .action(async (slug, from, to, options) => {
      const context = contextOf(options);
      const { year, years } = options;
      const compared = await (await context.client()).call(compareCalendar, { params: { slug }, query: { from, to, year, years } });
      const { closed, opened, reasons } = compared;
      context.print.result(compared, () => {
        const why = (day: { reasons: { name: string }[] }) => day.reasons.map(({ name }) => name).join(', ');
        const rows = [
          ...closed.map((day) => ({ date: day.date, what: 'closed', why: why(day) })),
          ...opened.map((day) => ({ date: day.date, what: 'opened', why: `was ${why(day)}` })),
          ...reasons.map(({ date, before, after }) => ({ date, what: 'renamed', why: `${before} -> ${after}` })),
        ].sort((a, b) => (a.date < b.date ? -1 : 1));
        if (rows.length === 0) return context.print.note(`The same days from ${compared.years[0]} to ${compared.years.at(-1)}.`);
        context.print.table(
          [
            { title: 'Date', value: (row) => row.date, whole: true },
            { title: 'What', value: (row) => row.what, whole: true },
            { title: 'Why', value: (row) => row.why },
          ],
          rows,
        );
      });
    });
}
