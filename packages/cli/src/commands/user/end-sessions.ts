import { endUserSession, revokeAllSessions, revokeUserSessions } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userEndSessions() {
  return command('end-sessions', {
    summary: "End all of a user's sessions and revoke the API tokens, end one session, or end everybody's",
    examples: [
      ['tidewheel user end-sessions ana@example.org', 'a lost laptop'],
      ['tidewheel user end-sessions ana@example.org --session 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'this one alone; tokens go on'],
      ['tidewheel user end-sessions --everybody', 'all have to sign in again; tokens go on'],
    ],
  })
    .argument('[email]', 'whose sessions')
    .option('--session <id>', 'one of them, as `tidewheel user show` lists it')
    .option('--everybody', "everybody's sessions but your own")
    .action(async (email, { session, everybody, ...options }) => {
      const context = contextOf(options);
      if ((email === undefined) === (everybody === undefined) || (session !== undefined && email === undefined))
        throw new InvalidInput('input.whose', 'Whose sessions?', { hint: 'Give an e-mail address, or --everybody.' });
      const client = await context.client();
      if (email === undefined) {
        const all = await client.call(revokeAllSessions);
        return context.print.result(all, () => context.print.line(`${all.ended} sessions ended.`));
      }
      const { id } = await userByEmail(client, email);
      if (session !== undefined) {
        const one = await client.call(endUserSession, { params: { id, session } });
        return context.print.result(one, () => context.print.line('The session is ended.'));
      }
      const of = await client.call(revokeUserSessions, { params: { id } });
      context.print.result(of, () => context.print.line(`${of.ended} sessions ended, ${of.revoked} API tokens revoked.`));
    });
}
