import { whoAmI } from '@tidewheel/client/routes';
import { command, contextOf } from '../command.ts';

export function whoami() {
  return command('whoami', { summary: 'Show who you are and what you may do', examples: [['tidewheel whoami', 'your account on the current server']] }).action(
    async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const me = await client.call(whoAmI);
      context.print.result({ ...me, origin: client.origin }, () =>
        context.print.facts([
          ['Server', client.origin],
          ['E-mail', me.email],
          ['Name', me.name],
          ['Workspace', `${me.workspace.title} (${me.workspace.slug})`],
          ['Role', me.role],
          ['May', me.permissions.join(', ')],
        ]),
      );
    },
  );
}
