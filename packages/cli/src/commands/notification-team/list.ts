import { listTeams } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function teamList() {
  return command('list', { summary: 'List teams of recipients', examples: [['tidewheel notification-team list', 'with who is in them']] }).action(
    async (options) => {
      const context = contextOf(options);
      const teams = await (await context.client()).call(listTeams);
      context.print.result(teams, () => {
        if (teams.length === 0) return context.print.note('No teams.');
        context.print.table(
          [
            { title: 'Team', value: (team) => team.slug, whole: true },
            { title: 'Title', value: (team) => team.content.title },
            { title: 'People', value: (team) => [...team.content.people, ...team.content.addresses].join(', ') },
            { title: 'Roles', value: (team) => team.content.roles.join(', ') },
          ],
          teams,
        );
      });
    },
  );
}
