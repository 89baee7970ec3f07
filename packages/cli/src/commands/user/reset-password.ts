import { sendPasswordReset } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';
import { userByEmail } from './by-email.ts';

export function userResetPassword() {
  return command('reset-password', {
    summary: 'Send a user a link to set a new password',
    description: 'Without a mail server it is printed, to hand over.',
    examples: [['tidewheel user reset-password ana@example.org', 'the link works once, for half an hour']],
  })
    .argument('<email>', 'whose password')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const sent = await client.call(sendPasswordReset, { params: { id } });
      context.print.result(sent, () => {
        if (sent.link !== null) context.print.line(sent.link);
        const until = `works once, until ${instant(sent.expiresAt)}`;
        context.print.note(sent.mailed ? `A link is on its way to ${sent.email}: it ${until}.` : `Hand this link to ${sent.email}: it ${until}.`);
      });
    });
}
