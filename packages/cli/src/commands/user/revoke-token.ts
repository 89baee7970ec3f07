import { revokeUserToken } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userRevokeToken() {
  return command('revoke-token', {
    summary: "Revoke one of a user's API tokens",
    examples: [['tidewheel user revoke-token ana@example.org 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'it stops working at once']],
  })
    .argument('<email>', 'whose')
    .argument('<token>', 'its id, as `tidewheel user show` lists it')
    .action(async (email, token, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const answer = await client.call(revokeUserToken, { params: { id, token } });
      context.print.result(answer, () => context.print.line('Revoked.'));
    });
}
