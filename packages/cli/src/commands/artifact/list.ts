import { listArtifacts } from '@tidewheel/client/routes';
import type { Artifact } from '@tidewheel/contract/routes/runs';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, size } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

const columns: TableColumn<Artifact>[] = [
  { title: 'Artifact', value: (artifact) => artifact.id, whole: true },
  { title: 'Name', value: (artifact) => artifact.name },
  { title: 'Flow', value: (artifact) => artifact.flow, optional: true },
  { title: 'Size', value: (artifact) => size(artifact.size), align: 'right' },
  { title: 'Made', value: (artifact) => instant(artifact.createdAt), whole: true },
  { title: 'SHA-256', value: (artifact) => artifact.sha256.slice(0, 12), whole: true, optional: true },
];

export function artifactList() {
  return command('list', {
    summary: 'List artifacts, newest first',
    examples: [
      ['tidewheel artifact list --run latest', 'what the newest run produced'],
      ["tidewheel artifact list --flow mifir-daily --json | jq -r '.[] | [.sha256, .name] | @tsv'", 'checksums'],
    ],
  })
    .option('--run <run>', `only of this run (${runArgument})`)
    .option('--flow <flow>', 'only of this flow')
    .option('--sha256 <hash>', 'only with this content')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = options.run === undefined ? undefined : await resolveRun(client, options.run);
      const listing = await gatherPages(options.limit, (page) =>
        client.call(listArtifacts, { query: { ...page, run, flow: options.flow, sha256: options.sha256 } }),
      );
      printListing(context.print, listing, { columns, empty: 'No artifacts.' });
    });
}
