import { changeCalendar } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { readDefinition } from './definition-file.ts';

export function calendarUpdate() {
  return command('update', {
    summary: 'Change a calendar; other rules make a new version',
    examples: [['tidewheel calendar update desk --rules desk.yaml --note "closed over New Year"', 'runs that started before keep the old one']],
  })
    .argument('<calendar>', 'name of the calendar')
    .option('--rules <file>', 'YAML or JSON with its rules; - for stdin')
    .option('--title <text>', 'what people see')
    .option('--description <text>', 'what it is for')
    .option('--note <text>', 'why it is changed')
    .option('--if-version <n>', 'only when this is its newest version still', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { title, description, note, ifVersion } = options;
      const definition = options.rules === undefined ? undefined : await readDefinition(options.rules);
      const body = { title, description, note, definition, version: ifVersion };
      const calendar = await (await context.client()).call(changeCalendar, { params: { slug }, body });
      context.print.result(calendar, () => context.print.line(`Calendar ${calendar.slug} has version ${calendar.version}.`));
    });
}
