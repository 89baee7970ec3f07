import { Option } from '@commander-js/extra-typings';
import { listApprovals } from '@tidewheel/client/routes';
import type { ApprovalSummary } from '@tidewheel/contract/routes/approvals';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, plain } from '../../output/text.ts';
import { resolveRun } from '../../run-reference.ts';

const columns: TableColumn<ApprovalSummary>[] = [
  { title: 'Approval', value: (one) => one.id, whole: true },
  { title: 'What', value: (one) => plain(one.title) },
  { title: 'Run', value: (one) => `${one.flow} ${one.runNumber}` },
  { title: 'Asked', value: (one) => one.approvers.join(', ') },
  { title: 'Given', value: (one) => `${one.approved} of ${one.quorum}` },
  { title: 'State', value: (one) => one.outcome ?? 'open', whole: true },
  { title: 'Until', value: (one) => (one.until ? instant(one.until) : ''), whole: true },
];

export function approvalList() {
  return command('list', {
    summary: 'List what waits for your decision',
    examples: [
      ['tidewheel approval list', 'yours to decide'],
      ['tidewheel approval list --state decided --json', 'what was decided, for programs'],
    ],
  })
    .addOption(
      new Option('--state <state>', 'mine to decide, all that are open, or those that are over')
        .choices(['mine', 'open', 'decided'] as const)
        .default('mine' as const),
    )
    .option('--run <run>', 'only of this run')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = options.run === undefined ? undefined : await resolveRun(client, options.run);
      const listing = await gatherPages(options.limit, (page) => client.call(listApprovals, { query: { ...page, state: options.state, run } }));
      printListing(context.print, listing, { columns, empty: options.state === 'mine' ? 'Nothing waits for you.' : 'There are none.' });
    });
}
