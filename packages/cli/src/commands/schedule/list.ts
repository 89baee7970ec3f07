import { Option } from '@commander-js/extra-typings';
import { listSchedules, showSchedule } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import { printSchedule, scheduleArgument, scheduleColumns } from './print-schedule.ts';

export const stateOption = () => new Option('--state <state>', 'only in this state').choices(['active', 'paused', 'archived'] as const);

export function scheduleList() {
  return command('list', {
    summary: 'List schedules',
    examples: [
      ['tidewheel schedule list --next', 'what fires next, the soonest first'],
      ['tidewheel schedule list --flow mifir-daily', 'those of one flow'],
    ],
  })
    .option('--flow <flow>', 'only of this flow')
    .addOption(stateOption())
    .option('--search <text>', 'only those with this text in name or title')
    .option('--next', 'only those that fire again, the soonest first')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { flow, state, search, next } = options;
      const sort = next ? ('next' as const) : ('title' as const);
      const listing = await gatherPages(options.limit, (page) => client.call(listSchedules, { query: { ...page, flow, state, search, sort } }));
      printListing(context.print, listing, { columns: scheduleColumns, empty: 'No schedules. Make one with `tidewheel schedule apply <file>`.' });
    });
}

export function scheduleShow() {
  return command('show', {
    summary: 'Show a schedule: when it fires, when next, and as whom',
    examples: [['tidewheel schedule show mifir-evening', 'in words']],
  })
    .argument('<schedule>', scheduleArgument)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const schedule = await (await context.client()).call(showSchedule, { params: { slug } });
      context.print.result(schedule, () => printSchedule(context.print, schedule));
    });
}
