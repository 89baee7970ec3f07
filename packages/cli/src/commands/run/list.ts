import { Option } from '@commander-js/extra-typings';
import { listRuns } from '@tidewheel/client/routes';
import type { RunSummary } from '@tidewheel/contract/run';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { paintState, stateText } from '../../output/terminal.ts';
import { count, elapsed, instant } from '../../output/text.ts';

const columns: TableColumn<RunSummary>[] = [
  { title: 'Run', value: (run) => String(run.number), align: 'right' },
  { title: 'Flow', value: (run) => (run.draft ? `${run.flow} (test)` : run.mode === 'dry' ? `${run.flow} (dry)` : run.flow), whole: true },
  { title: 'State', value: (run) => stateText(run.state), paint: (_text, run) => paintState(run.state), whole: true },
  { title: 'Started', value: (run) => instant(run.startedAt ?? run.createdAt), whole: true },
  { title: 'Time', value: (run) => elapsed(run.startedAt, run.finishedAt), align: 'right', optional: true },
  { title: 'In', value: (run) => count(run.rowsIn), align: 'right' },
  { title: 'Out', value: (run) => count(run.rowsOut), align: 'right' },
  { title: 'Rejected', value: (run) => (run.rejected ? count(run.rejected) : ''), align: 'right' },
  { title: 'By', value: (run) => run.startedBy ?? '', optional: true },
];

export function runList() {
  return command('list', {
    summary: 'List runs, newest first',
    examples: [
      ['tidewheel run list --flow flight-delays', 'of one flow'],
      ['tidewheel run list --state failed --limit 10', 'the last ten that failed'],
    ],
  })
    .option('--flow <flow>', 'only of this flow')
    .addOption(new Option('--state <state>', 'only in this state').choices(['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'] as const))
    .option('--schedule <schedule>', 'only those that this schedule started')
    .option('--trigger <trigger>', 'only those that this trigger started')
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { flow, state, schedule, trigger } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listRuns, { query: { ...page, flow, state, schedule, trigger } }));
      printListing(context.print, listing, { columns, empty: 'No runs. Start one with `tidewheel run start <flow>`.' });
    });
}
