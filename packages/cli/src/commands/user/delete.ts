import { deleteUser } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { ask } from '../../input.ts';
import { userByEmail } from './by-email.ts';

export function userDelete() {
  return command('delete', {
    summary: 'Remove a user from your workspace; who is in no other is erased',
    description:
      'Sessions, API tokens and grants go; of who is in no other workspace also the account with its password and second factor.\nThe audit trail stays and keeps the address. To shut somebody out for a while use `tidewheel user suspend`.',
    examples: [['tidewheel user delete ana@example.org --yes', 'without --yes it asks for the address once more']],
  })
    .argument('<email>', 'whom')
    .option('--yes', 'do not ask')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const user = await userByEmail(client, email);
      if (!options.yes && (await ask(`This cannot be undone. Type ${user.email} to delete it:`)).trim().toLowerCase() !== user.email)
        throw new InvalidInput('input.differs', 'That is another address', { hint: 'Nothing was deleted.' });
      const { erased } = await client.call(deleteUser, { params: { id: user.id } });
      context.print.result({ email: user.email, erased }, () =>
        context.print.line(erased ? `${user.email} is erased.` : `${user.email} is removed from this workspace and stays in others.`),
      );
    });
}
