import { updateWorkspace } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function workspaceRename() {
  return command('rename', {
    summary: 'Give a workspace another title or slug; the old slug goes on leading to it',
    examples: [['tidewheel workspace rename treasury --slug funding --title Funding', 'both']],
  })
    .argument('<slug>', 'its name now')
    .option('--slug <slug>', 'its new name in addresses')
    .option('--title <text>', 'its new title')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = { slug: options.slug, title: options.title };
      const changed = await (await context.client()).call(updateWorkspace, { params: { slug }, body });
      context.print.result(changed, () => context.print.line(`It is ${changed.title} (${changed.slug}) now.`));
    });
}
