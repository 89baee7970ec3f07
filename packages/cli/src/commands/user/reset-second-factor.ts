import { resetSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { userByEmail } from './by-email.ts';

export function userResetSecondFactor() {
  return command('reset-second-factor', {
    summary: "Switch a user's second factor off, as for a lost device; the user's sessions end",
    examples: [['tidewheel user reset-second-factor ana@example.org', 'make sure who asks you for it']],
  })
    .argument('<email>', 'whose')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const reset = await client.call(resetSecondFactor, { params: { id } });
      context.print.result(reset, () =>
        context.print.line(reset.removed ? `${email} signs in with the password alone now.` : `${email} had no second factor.`),
      );
    });
}
