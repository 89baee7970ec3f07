import { listInvitations, revokeInvitation } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';

export function userUninvite() {
  return command('uninvite', {
    summary: 'Revoke an invitation that nobody has used yet',
    examples: [['tidewheel user uninvite ana@example.org', 'the link stops working']],
  })
    .argument('<email>', 'whose')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const open = (await client.call(listInvitations)).filter((one) => one.email === email.toLowerCase());
      if (open.length === 0)
        throw new NotFound('invitation.unknown', `There is no open invitation for ${email}.`, { hint: '`tidewheel user invitations` lists them.' });
      for (const { id } of open) await client.call(revokeInvitation, { params: { id } });
      context.print.result({ revoked: open.length }, () => context.print.line(`The invitation of ${email} is revoked.`));
    });
}
