import { showCalendar } from '@tidewheel/client/routes';
import { stringify } from 'yaml';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { instant, plain } from '../../output/text.ts';

export function calendarShow() {
  return command('show', {
    summary: 'Show the rules of a calendar',
    examples: [
      ['tidewheel calendar show NYSE', 'as they can be given to `calendar create`'],
      ['tidewheel calendar show desk --version 2 > desk.yaml', 'of an older version'],
    ],
  })
    .argument('<calendar>', 'name of the calendar')
    .option('--version <n>', 'of this version', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const calendar = await (await context.client()).call(showCalendar, { params: { slug }, query: { version: options.version } });
      const { print } = context;
      print.result(calendar, () => {
        const changed = calendar.builtIn
          ? 'built in'
          : `version ${calendar.shown} of ${calendar.version}, changed ${instant(calendar.updatedAt)} by ${calendar.updatedBy}`;
        print.line(`# ${plain(calendar.title)} (${changed})`);
        if (calendar.description) print.line(`# ${plain(calendar.description)}`);
        print.line(stringify(calendar.definition).trimEnd());
      });
    });
}
