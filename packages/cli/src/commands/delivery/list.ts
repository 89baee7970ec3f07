import { Option } from '@commander-js/extra-typings';
import { listDeliveries } from '@tidewheel/client/routes';
import type { Delivery } from '@tidewheel/contract/routes/runs';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { paintState, stateText } from '../../output/terminal.ts';
import { duration, instant, size } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

const columns: TableColumn<Delivery>[] = [
  { title: 'At', value: (delivery) => instant(delivery.at), whole: true },
  { title: 'State', value: (delivery) => stateText(delivery.state), paint: (_text, delivery) => paintState(delivery.state), whole: true },
  { title: 'File', value: (delivery) => delivery.fileName },
  { title: 'Size', value: (delivery) => size(delivery.size), align: 'right' },
  { title: 'To', value: (delivery) => delivery.destination },
  { title: 'Attempt', value: (delivery) => String(delivery.attempt), align: 'right', optional: true },
  { title: 'Time', value: (delivery) => duration(delivery.ms), align: 'right', optional: true },
  { title: 'Error', value: (delivery) => delivery.error ?? '' },
];

export function deliveryList() {
  return command('list', {
    summary: 'List delivery attempts, newest first',
    examples: [
      ['tidewheel delivery list --run latest', 'of the newest run'],
      ["tidewheel delivery list --state failed --json | jq '.[].error'", 'what went wrong'],
    ],
  })
    .option('--run <run>', `only of this run (${runArgument})`)
    .option('--connection <name>', 'only to this connection')
    .addOption(new Option('--state <state>', 'only in this state').choices(['delivered', 'failed'] as const))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = options.run === undefined ? undefined : await resolveRun(client, options.run);
      const listing = await gatherPages(options.limit, (page) =>
        client.call(listDeliveries, { query: { ...page, run, connection: options.connection, state: options.state } }),
      );
      printListing(context.print, listing, { columns, empty: 'No deliveries.' });
    });
}
