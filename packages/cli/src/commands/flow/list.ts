import { Option } from '@commander-js/extra-typings';
import { listFlows } from '@tidewheel/client/routes';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { paintState, stateText } from '../../output/terminal.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<FlowSummary>[] = [
  { title: 'Flow', value: (flow) => flow.slug, whole: true },
  { title: 'Title', value: (flow) => flow.title },
  { title: 'Kind', value: (flow) => flow.kind, optional: true },
  { title: 'Folder', value: (flow) => flow.folder ?? '', optional: true },
  { title: 'Steps', value: (flow) => String(flow.steps), align: 'right', optional: true },
  { title: 'Version', value: (flow) => (flow.version === 0 ? 'draft' : String(flow.version)), align: 'right' },
  { title: 'Off', value: (flow) => (flow.off ? 'off' : ''), optional: true },
  { title: 'Changed', value: (flow) => instant(flow.updatedAt), whole: true },
  {
    title: 'Last run',
    value: (flow) => (flow.lastRun ? stateText(flow.lastRun.state) : ''),
    paint: (text, flow) => (flow.lastRun ? paintState(flow.lastRun.state) : text),
    whole: true,
  },
];

export function flowList() {
  return command('list', {
    summary: 'List flows',
    examples: [
      ['tidewheel flow list', 'all flows by title'],
      ['tidewheel flow list --kind report --search mifir', 'reports with mifir in their name or title'],
      ['tidewheel flow list --folder finance', 'those in finance, finance/emir and so on'],
      ["tidewheel flow list --json | jq -r '.[].slug'", 'names only'],
    ],
  })
    .addOption(new Option('--kind <kind>', 'only this kind').choices(['pipeline', 'report', 'job', 'color'] as const))
    .option('--folder <path>', 'only those in this folder and below it')
    .option('--search <text>', 'only those with this text in name or title')
    .option('--archived', 'the archived ones instead')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { kind, folder, search, archived } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listFlows, { query: { ...page, kind, folder, search, archived } }));
      printListing(context.print, listing, { columns, empty: 'No flows. Add one with `tidewheel flow apply <file>`.' });
    });
}
