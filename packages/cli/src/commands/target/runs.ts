import { listTargetRuns } from '@tidewheel/client/routes';
import type { TargetRun } from '@tidewheel/contract/routes/targets';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { paintState, stateText } from '../../output/terminal.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<TargetRun>[] = [
  { title: 'Run', value: (run) => String(run.number), align: 'right' },
  { title: 'Flow', value: (run) => run.flow, whole: true },
  { title: 'State', value: (run) => stateText(run.state), paint: (_text, run) => paintState(run.state), whole: true },
  { title: 'Opened it', value: (run) => instant(run.at), whole: true },
];

export function targetRuns() {
  return command('runs', { summary: 'List the runs that opened a host, newest first', examples: [['tidewheel target runs web01', 'what was done on it']] })
    .argument('<host>', 'name or id of the host')
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async (host, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listTargetRuns, { params: { target: host }, query: page }));
      printListing(context.print, listing, { columns, empty: 'No run has opened it.' });
    });
}
