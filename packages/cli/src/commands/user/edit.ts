import { renameUser } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userEdit() {
  return command('edit', {
    summary: "Change a user's name",
    examples: [['tidewheel user edit ana@example.org --name "Ana Silva"', 'an address is changed by its owner alone: tidewheel profile']],
  })
    .argument('<email>', 'whose')
    .requiredOption('--name <name>', 'the new name')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const user = await client.call(renameUser, { params: { id }, body: { name: options.name } });
      context.print.result(user, () => context.print.line(`${user.email} is called ${user.name} now.`));
    });
}
