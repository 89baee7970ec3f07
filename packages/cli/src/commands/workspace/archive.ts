import { archiveWorkspace, restoreWorkspace } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function workspaceArchive() {
  return command('archive', {
    summary: 'Archive a workspace: nobody can enter it and no run starts in it',
    examples: [['tidewheel workspace archive treasury', 'until it is restored']],
  })
    .argument('<slug>', 'the workspace')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const changed = await (await context.client()).call(archiveWorkspace, { params: { slug } });
      context.print.result(changed, () => context.print.line(`${changed.title} is archived.`));
    });
}

export function workspaceRestore() {
  return command('restore', { summary: 'Restore an archived workspace', examples: [['tidewheel workspace restore treasury', 'its members can enter again']] })
    .argument('<slug>', 'the workspace')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const changed = await (await context.client()).call(restoreWorkspace, { params: { slug } });
      context.print.result(changed, () => context.print.line(`${changed.title} is restored.`));
    });
}
