import { showCalendarUsage } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function calendarUsage() {
  return command('usage', {
    summary: 'Show what uses a calendar',
    examples: [['tidewheel calendar usage TARGET', 'flows, schedules and calendars that name it']],
  })
    .argument('<calendar>', 'name of the calendar')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const usage = await (await context.client()).call(showCalendarUsage, { params: { slug } });
      context.print.result(usage, () => {
        if (usage.uses.length + usage.hidden === 0) return context.print.line('Nothing uses it.');
        context.print.table(
          [
            { title: 'What', value: (one) => one.kind, whole: true },
            { title: 'Name', value: (one) => one.slug, whole: true },
            { title: 'Title', value: (one) => one.title },
          ],
          usage.uses,
        );
        if (usage.hidden > 0) context.print.note(`${usage.hidden} more that you may not see.`);
      });
    });
}
