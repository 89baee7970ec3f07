import { revokeAllSessions, revokeUserSessions } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userEndSessions() {
  return command('end-sessions', {
    summary: "End all of a user's sessions and revoke the API tokens, or end everybody's sessions",
    examples: [
      ['tidewheel user end-sessions ana@example.org', 'a lost laptop'],
      ['tidewheel user end-sessions --everybody', 'all have to sign in again; tokens go on'],
    ],
  })
    .argument('[email]', 'whose sessions')
    .option('--everybody', "everybody's sessions but your own")
    .action(async (email, options) => {
      const context = contextOf(options);
      if ((email === undefined) === (options.everybody === undefined))
        throw new InvalidInput('input.whose', 'Whose sessions?', { hint: 'Give an e-mail address, or --everybody.' });
      const client = await context.client();
      if (email === undefined) {
        const all = await client.call(revokeAllSessions);
        return context.print.result(all, () => context.print.line(`${all.ended} sessions ended.`));
      }
      const { id } = await userByEmail(client, email);
      const of = await client.call(revokeUserSessions, { params: { id } });
      context.print.result(of, () => context.print.line(`${of.ended} sessions ended, ${of.revoked} API tokens revoked.`));
    });
}
