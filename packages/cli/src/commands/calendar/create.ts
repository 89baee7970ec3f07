import { createCalendar } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { readDefinition } from './definition-file.ts';

export function calendarCreate() {
  return command('create', {
    summary: 'Create a calendar from a file of rules',
    examples: [
      ['tidewheel calendar create desk desk.yaml --title "The desk"', 'rules as `calendar show` writes them'],
      ["echo 'rules: [{ kind: calendar, calendar: TARGET }]' | tidewheel calendar create desk -", 'from stdin'],
    ],
  })
    .argument('<name>', 'name by which flows refer to it: a-z, 0-9 and -')
    .argument('<file>', 'YAML or JSON with its rules; - for stdin')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--description <text>', 'what it is for')
    .option('--note <text>', 'why it is as it is')
    .action(async (slug, file, options) => {
      const context = contextOf(options);
      const { title = slug, description, note } = options;
      const definition = await readDefinition(file);
      const calendar = await (await context.client()).call(createCalendar, { body: { slug, title, description, note, definition } });
      context.print.result(calendar, () => {
        context.print.line(`Calendar ${calendar.slug} is created.`);
        context.print.note(`Look at a year of it: tidewheel calendar year ${calendar.slug}`);
      });
    });
}
