import { listBackups } from '@tidewheel/client/routes';
import type { Backup } from '@tidewheel/contract/backup';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, size } from '../../output/text.ts';

const columns: TableColumn<Backup>[] = [
  { title: 'No', value: ({ number }) => String(number), align: 'right', whole: true },
  { title: 'Title', value: ({ title }) => title },
  { title: 'Of', value: ({ scope }) => scope, whole: true },
  { title: 'State', value: ({ state, damage }) => (damage === null ? state : 'damaged'), whole: true },
  { title: 'Size', value: (backup) => (backup.size === null ? '' : size(backup.size)), align: 'right' },
  { title: 'Made', value: ({ madeAt }) => instant(madeAt), whole: true },
  { title: 'By', value: ({ madeBy }) => madeBy, optional: true },
  { title: 'Encrypted', value: ({ encrypted }) => (encrypted ? 'yes' : ''), optional: true },
  { title: 'Verified', value: ({ verified }) => verifiedText(verified), optional: true },
];

export function verifiedText(verified: Backup['verified']): string {
  if (!verified) return '';
  if (verified.fault !== null) return 'broken';
  return verified.opened ? instant(verified.at) : `${instant(verified.at)}, not opened`;
}

export function backupList() {
  return command('list', { summary: 'List the backups of the workspace, newest first', examples: [['tidewheel backup list --limit 5', 'the newest five']] })
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listBackups, { query: page }));
      printListing(context.print, listing, { columns, empty: 'No backups. Make one with `tidewheel backup create`.' });
    });
}
