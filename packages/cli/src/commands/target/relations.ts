import { InvalidArgumentError } from '@commander-js/extra-typings';
import { listTargetHubs, showTargetRelations } from '@tidewheel/client/routes';
import type { TargetHub, TargetRelation } from '@tidewheel/contract/routes/target-relations';
import { command, contextOf } from '../../command.ts';
import type { TableColumn } from '../../output/table.ts';
import { count } from '../../output/text.ts';

const hubColumns: TableColumn<TargetHub>[] = [
  { title: 'Host', value: (hub) => hub.name, whole: true },
  { title: 'State', value: (hub) => hub.state, whole: true },
  { title: 'Depends on', value: (hub) => String(hub.dependsOn), align: 'right' },
  { title: 'Needed by', value: (hub) => String(hub.neededBy), align: 'right' },
  { title: 'Way in for', value: (hub) => String(hub.jumpFor), align: 'right' },
  { title: 'Through', value: (hub) => hub.via ?? '' },
];
const relationColumns: TableColumn<TargetRelation>[] = [
  { title: 'Host', value: (relation) => relation.from, whole: true },
  { title: 'Relation', value: ({ kind }) => (kind === 'via' ? 'is reached through' : 'depends on'), whole: true },
  { title: 'Host', value: (relation) => relation.to, whole: true },
];

export function targetRelations() {
  return command('relations', {
    summary: 'Show what leads from host to host: around one, or the hosts with the most relations',
    examples: [
      ['tidewheel target relations', 'hosts that others depend on or are reached through, the most first'],
      ['tidewheel target relations bastion.example.com --depth 1', 'all that is one step away'],
    ],
  })
    .argument('[host]', 'name or id of a host')
    .option('--depth <n>', 'how many steps away, 1 to 3', depth, 2)
    .action(async (host, options) => {
      const context = contextOf(options);
      const { print } = context;
      const client = await context.client();
      if (host === undefined) {
        const found = await client.call(listTargetHubs, { query: {} });
        print.result(found, () => (found.items.length === 0 ? print.line('No host has relations.') : print.table(hubColumns, found.items)));
        return;
      }
      const found = await client.call(showTargetRelations, { params: { target: host }, query: { depth: options.depth } });
      print.result(found, () => {
        if (found.relations.length === 0) print.line('It depends on no host and none on it.');
        else print.table(relationColumns, found.relations);
        if (found.left > 0) print.line(`${count(found.left)} further hosts are related and not shown.`);
      });
    });
}

function depth(text: string): number {
  if (!/^[1-3]$/.test(text)) throw new InvalidArgumentError('It must be 1, 2 or 3.');
  return Number(text);
}
