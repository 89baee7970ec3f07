import { listVersions } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import { instant } from '../../output/text.ts';

export function flowVersions() {
  return command('versions', {
    summary: 'List the versions of a flow, newest first',
    examples: [['tidewheel flow versions flight-delays', 'who changed it when']],
  })
    .argument('<flow>', 'name of the flow')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (query) => client.call(listVersions, { params: { slug }, query }));
      printListing(context.print, listing, {
        empty: 'No versions.',
        columns: [
          { title: 'Version', value: (version) => String(version.version), align: 'right' },
          { title: 'Made', value: (version) => instant(version.createdAt), whole: true },
          { title: 'By', value: (version) => version.createdBy },
          { title: 'Hash', value: (version) => version.hash.slice(0, 12), whole: true },
        ],
      });
    });
}
