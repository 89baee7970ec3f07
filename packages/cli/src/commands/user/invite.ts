import { inviteUser } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function userInvite() {
  return command('invite', {
    summary: 'Invite a person by mail; without a mail server it prints the link to hand over',
    examples: [['tidewheel user invite ana@example.org --role operator', 'the link is shown once']],
  })
    .argument('<email>', 'e-mail address')
    .option('--role <role>', 'what the person may do: a role of `tidewheel role list`', 'viewer')
    .action(async (email, options) => {
      const context = contextOf(options);
      const invitation = await (await context.client()).call(inviteUser, { body: { email, role: options.role } });
      context.print.result(invitation, () => {
        if (invitation.link !== null) context.print.line(invitation.link);
        const until = `works once, until ${instant(invitation.expiresAt)}`;
        context.print.note(
          invitation.mailed ? `A link is on its way to ${invitation.email}: it ${until}.` : `Hand this link to ${invitation.email}: it ${until}.`,
        );
      });
    });
}
