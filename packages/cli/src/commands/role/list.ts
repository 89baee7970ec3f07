import { listRoles } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { count } from '../../output/text.ts';

export function roleList() {
  return command('list', { summary: 'List the roles of your workspace', examples: [['tidewheel role list', 'presets first, then its own']] }).action(
    async (options) => {
      const context = contextOf(options);
      const roles = await (await context.client()).call(listRoles);
      context.print.result(roles, () =>
        context.print.table(
          [
            { title: 'Role', value: (role) => role.slug, whole: true },
            { title: 'Title', value: (role) => role.title },
            { title: 'Kind', value: (role) => (role.changed ? 'changed preset' : role.preset ? 'preset' : 'own') },
            { title: 'Members', value: (role) => count(role.holders), whole: true },
            { title: 'What for', value: (role) => role.description },
          ],
          roles,
        ),
      );
    },
  );
}
