import { renameUser, setRole } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userEdit() {
  return command('edit', {
    summary: "Change a user's role or name",
    examples: [
      ['tidewheel user edit ana@example.org --role operator', 'holds for her next request'],
      ['tidewheel user edit ana@example.org --name "Ana Silva"', 'an address is changed by its owner alone: tidewheel profile'],
    ],
  })
    .argument('<email>', 'whose')
    .option('--role <role>', 'a role of `tidewheel role list`')
    .option('--name <name>', 'the new name')
    .action(async (email, { role, name, ...options }) => {
      const context = contextOf(options);
      if (role === undefined && name === undefined) throw new InvalidInput('input.what', 'What is to change?', { hint: 'Give --role or --name.' });
      const client = await context.client();
      const found = await userByEmail(client, email);
      const params = { id: found.id };
      const inRole = role === undefined ? found : await client.call(setRole, { params, body: { role } });
      const user = name === undefined ? inRole : await client.call(renameUser, { params, body: { name } });
      context.print.result(user, () => {
        if (role !== undefined) context.print.line(`${user.email} is ${user.role} now.`);
        if (name !== undefined) context.print.line(`${user.email} is called ${user.name} now.`);
      });
    });
}
