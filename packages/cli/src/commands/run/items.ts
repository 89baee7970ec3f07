import { Option } from '@commander-js/extra-typings';
import { listRuns } from '@tidewheel/client/routes';
import { itemName } from '@tidewheel/contract/item-name';
import { type RunSummary, runStates } from '@tidewheel/contract/run';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { paintState, stateText } from '../../output/terminal.ts';
import { elapsed, plain } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

const columns: TableColumn<RunSummary>[] = [
  { title: 'Item', value: (run) => (run.parent ? String(run.parent.item + 1) : ''), align: 'right' },
  { title: 'Value', value: (run) => valueText(run.parent?.value) },
  { title: 'State', value: (run) => stateText(run.state), paint: (_text, run) => paintState(run.state), whole: true },
  { title: 'Time', value: (run) => elapsed(run.startedAt, run.finishedAt), align: 'right' },
  { title: 'Error', value: (run) => plain(run.error?.message ?? '') },
  { title: 'Run', value: (run) => run.id, whole: true },
];

export function runItems() {
  return command('items', {
    summary: 'List the runs below a step: one for each item, or each time',
    description: 'Newest first. Each of them is a run like any other: show, watch and cancel it by its id.',
    examples: [
      ['tidewheel run items 12 load', 'of the step load of run 12'],
      ['tidewheel run items latest load --state failed', 'those that failed'],
    ],
  })
    .argument('<run>', runArgument)
    .argument('<step>', 'the step with `each` or `repeat`, or one that runs other steps or a flow')
    .addOption(new Option('--state <state>', 'only in this state').choices(runStates))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (reference, step, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const parent = await resolveRun(client, reference);
      const listing = await gatherPages(options.limit, (page) => client.call(listRuns, { query: { ...page, parent, step, state: options.state } }));
      printListing(context.print, listing, { columns, empty: `There are no runs below the step ${step}.` });
    });
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return plain(itemName(value) ?? JSON.stringify(value));
}
