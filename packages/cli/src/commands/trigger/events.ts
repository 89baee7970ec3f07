import { Option } from '@commander-js/extra-typings';
import { listTriggerEvents } from '@tidewheel/client/routes';
import { type TriggerEvent, triggerEventStates } from '@tidewheel/contract/trigger';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { count, instant, plain } from '../../output/text.ts';

const columns: TableColumn<TriggerEvent>[] = [
  { title: 'At', value: (event) => instant(event.at), whole: true },
  { title: 'State', value: (event) => event.state, whole: true },
  { title: 'Run', value: (event) => (event.run ? `#${event.run.number}` : ''), whole: true },
  { title: 'What', value: (event) => plain(event.title) },
  { title: 'Why not', value: (event) => plain(event.reason ?? '') },
  { title: 'Times', value: (event) => count(event.times) },
  { title: 'Id', value: (event) => event.id, optional: true },
];

export function triggerEvents() {
  return command('events', {
    summary: 'List what came to a trigger, newest first, and what became of it',
    examples: [['tidewheel trigger events prices-came --state refused', 'what started no run, and why']],
  })
    .argument('<trigger>', 'name of the trigger')
    .addOption(new Option('--state <state>', 'only those').choices(triggerEventStates))
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async (slug, { state, limit, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listTriggerEvents, { params: { slug }, query: { ...page, state } }));
      printListing(context.print, listing, { columns, empty: 'Nothing came yet.' });
    });
}
