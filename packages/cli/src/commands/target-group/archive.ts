import { archiveTargetGroup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function targetGroupArchive() {
  return command('archive', {
    summary: 'Archive a group; its hosts stay',
    examples: [['tidewheel target-group archive databases', 'flows can no longer use it']],
  })
    .argument('<group>', 'name of the group')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const group = await (await context.client()).call(archiveTargetGroup, { params: { slug } });
      context.print.result(group, () => context.print.line(`Group ${group.slug} is archived.`));
    });
}
