import { listUsers } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function userList() {
  return command('list', { summary: 'List the users of your workspace', examples: [['tidewheel user list', 'who is in it, in which role']] }).action(
    async (options) => {
      const context = contextOf(options);
      const users = await (await context.client()).call(listUsers);
      context.print.result(users, () =>
        context.print.table(
          [
            { title: 'E-mail', value: (user) => user.email, whole: true },
            { title: 'Name', value: (user) => user.name },
            { title: 'Role', value: (user) => (user.suspendedAt === null ? user.role : `${user.role}, suspended`) },
            { title: 'Last seen', value: (user) => instant(user.lastSeenAt), whole: true },
          ],
          users,
        ),
      );
    },
  );
}
