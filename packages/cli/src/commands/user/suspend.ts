import { restoreUser, suspendUser } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userSuspend() {
  return command('suspend', {
    summary: 'Shut a user out of your workspace until restored; sessions end, API tokens do not work',
    examples: [['tidewheel user suspend ana@example.org', 'role, tokens and grants are kept for when she comes back']],
  })
    .argument('<email>', 'whom')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const user = await client.call(suspendUser, { params: { id } });
      context.print.result(user, () => context.print.line(`${user.email} is suspended.`));
    });
}

export function userRestore() {
  return command('restore', {
    summary: 'Let a suspended user in again',
    examples: [['tidewheel user restore ana@example.org', 'API tokens work again; she has to sign in']],
  })
    .argument('<email>', 'whom')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const user = await client.call(restoreUser, { params: { id } });
      context.print.result(user, () => context.print.line(`${user.email} may sign in again.`));
    });
}
