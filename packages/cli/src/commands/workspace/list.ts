import { listWorkspaces } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { count } from '../../output/text.ts';

export function workspaceList() {
  return command('list', {
    summary: 'List your workspaces; for administrators of the main one all of the installation',
    examples: [['tidewheel workspace list', 'where you may work, in which role']],
  }).action(async (options) => {
    const context = contextOf(options);
    const all = await (await context.client()).call(listWorkspaces);
    context.print.result(all, () =>
      context.print.table(
        [
          { title: 'Workspace', value: (one) => one.slug, whole: true },
          { title: 'Title', value: (one) => one.title },
          { title: 'Your role', value: (one) => one.role ?? '-', whole: true },
          { title: 'People', value: (one) => count(one.members), align: 'right' },
          { title: 'State', value: (one) => (one.archivedAt === null ? (one.main ? 'main' : '') : 'archived'), whole: true },
        ],
        all,
      ),
    );
  });
}
