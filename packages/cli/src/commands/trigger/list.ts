import { Option } from '@commander-js/extra-typings';
import { listTriggers } from '@tidewheel/client/routes';
import { type Trigger, triggerHealths, triggerKinds } from '@tidewheel/contract/trigger';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';

const columns: TableColumn<Trigger>[] = [
  { title: 'Trigger', value: (trigger) => trigger.slug, whole: true },
  { title: 'Title', value: (trigger) => trigger.title },
  { title: 'Kind', value: (trigger) => trigger.kind, whole: true },
  { title: 'Flow', value: (trigger) => trigger.flow, whole: true },
  { title: 'State', value: (trigger) => trigger.health, whole: true },
  { title: 'Next look', value: (trigger) => instant(trigger.nextLookAt), optional: true },
  { title: 'Last fired', value: (trigger) => instant(trigger.lastFiredAt), optional: true },
];

export const kindOption = () => new Option('--kind <kind>', 'only of this kind').choices(triggerKinds);
export const healthOption = () => new Option('--health <health>', 'only those that are so').choices(triggerHealths);

export function triggerList() {
  return command('list', { summary: 'List triggers', examples: [['tidewheel trigger list --health failing', 'those that cannot look']] })
    .option('--flow <flow>', 'of this flow')
    .addOption(kindOption())
    .addOption(healthOption())
    .option('--search <text>', 'only those with this text in name or title')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async ({ flow, kind, health, search, limit, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listTriggers, { query: { ...page, flow, kind, health, search } }));
      printListing(context.print, listing, { columns, empty: 'No triggers. Make one with `tidewheel trigger create`.' });
    });
}
