import { listAudit } from '@tidewheel/client/routes';
import type { AuditEntry } from '@tidewheel/contract/routes/audit';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, plain } from '../../output/text.ts';
import { filterOf, instantOf, knownAction } from './filter.ts';

const columns: TableColumn<AuditEntry>[] = [
  { title: 'When', value: (entry) => instant(entry.at) },
  { title: 'Who', value: (entry) => plain(entry.actor?.label ?? '(erased)') },
  { title: 'Action', value: (entry) => entry.action, whole: true },
  { title: 'What', value: (entry) => plain(entry.object?.title ?? '') },
  { title: 'Address', value: (entry) => entry.address ?? '' },
  { title: 'Entry', value: (entry) => entry.id, whole: true },
];

export function auditList() {
  return command('list', {
    summary: 'List what was done, newest first',
    examples: [
      ['tidewheel audit list --action artifact.downloaded --from 2026-11-01', 'who downloaded what since the first'],
      ['tidewheel audit list --actor ada@example.org --limit 200', 'what she did'],
    ],
  })
    .option('--actor <who>', 'only by this person: part of the name, or the whole id')
    .option('--action <action>', 'only this action, as flow.applied', knownAction)
    .option('--object-type <type>', 'only on objects of this type, as connection')
    .option('--object <id>', 'only on the object with this id')
    .option('--from <instant>', 'not before', instantOf)
    .option('--to <instant>', 'not after', instantOf)
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listAudit, { query: { ...page, ...filterOf(options) } }));
      printListing(context.print, listing, { columns, empty: 'No entries.' });
    });
}
