import { showTargetGroup } from '@tidewheel/client/routes';
import type { TargetGroup } from '@tidewheel/contract/target';
import { command, contextOf } from '../../command.ts';
import type { Context } from '../../context.ts';
import { count, instant, plain } from '../../output/text.ts';

export function targetGroupShow() {
  return command('show', { summary: 'Show a group of hosts', examples: [['tidewheel target-group show web', 'its hosts: tidewheel target list --group web']] })
    .argument('<group>', 'name of the group')
    .action(async (slug, options) => {
      const context = contextOf(options);
      tellGroup(context, await (await context.client()).call(showTargetGroup, { params: { slug } }));
    });
}

export function tellGroup({ print }: Context, group: TargetGroup): void {
  print.result(group, () =>
    print.facts([
      ['Group', group.slug],
      ['Title', plain(group.title)],
      ['About', plain(group.description)],
      ['Query', plain(group.query ?? '')],
      ['Hosts', count(group.members)],
      ['Not decided', group.undecided > 0 ? count(group.undecided) : ''],
      ['Changed', instant(group.updatedAt)],
      ['Archived', instant(group.archivedAt)],
    ]),
  );
}
