import { archiveCalendar, restoreCalendar } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function calendarArchive() {
  return command('archive', {
    summary: 'Archive a calendar; refused while something uses it',
    examples: [['tidewheel calendar archive desk', 'runs that saw it keep it']],
  })
    .argument('<calendar>', 'name of the calendar')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const calendar = await (await context.client()).call(archiveCalendar, { params: { slug } });
      context.print.result(calendar, () => context.print.line(`Calendar ${calendar.slug} is archived.`));
    });
}

export function calendarRestore() {
  return command('restore', { summary: 'Bring an archived calendar back', examples: [['tidewheel calendar restore desk', 'with all its versions']] })
    .argument('<calendar>', 'name of the calendar')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const calendar = await (await context.client()).call(restoreCalendar, { params: { slug } });
      context.print.result(calendar, () => context.print.line(`Calendar ${calendar.slug} is back.`));
    });
}
