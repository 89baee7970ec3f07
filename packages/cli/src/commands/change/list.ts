import { listChanges } from '@tidewheel/client/routes';
import type { Change } from '@tidewheel/contract/routes/changes';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, plain } from '../../output/text.ts';

const columns: TableColumn<Change>[] = [
  { title: 'When', value: (change) => instant(change.at) },
  { title: 'Who', value: (change) => plain(change.by) },
  { title: 'Change', value: (change) => change.action, whole: true },
  { title: 'What', value: (change) => plain(change.object.title) },
  { title: 'State', value: stateOf },
  { title: 'Id', value: (change) => change.id, whole: true },
];

export function stateOf(change: Change): string {
  if (change.revertedBy !== null) return 'taken back';
  if (!change.revertible) return 'stays';
  return change.isNewest ? 'newest' : '';
}

export function changeList() {
  return command('list', {
    summary: 'List changes of flows, connections, users, settings ..., newest first',
    examples: [
      ['tidewheel change list --module connections', 'of connections only'],
      ['tidewheel change list --by ada@example.org', 'what she changed'],
    ],
  })
    .option('--module <name>', 'only of this module, as flows')
    .option('--object <id>', 'only of the object with this id')
    .option('--by <who>', 'only by this person: part of the name, or the whole id')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { module, object: objectId, by } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listChanges, { query: { ...page, module, objectId, by } }));
      printListing(context.print, listing, { columns, empty: 'No changes.' });
    });
}
