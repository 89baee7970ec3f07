import { listInvitations } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function userInvitations() {
  return command('invitations', {
    summary: 'List the invitations that nobody has used yet',
    examples: [['tidewheel user invitations', 'whom, in which role, until when']],
  }).action(async (options) => {
    const context = contextOf(options);
    const invitations = await (await context.client()).call(listInvitations);
    context.print.result(invitations, () => {
      if (invitations.length === 0) return context.print.note('No invitation is open.');
      context.print.table(
        [
          { title: 'E-mail', value: (one) => one.email, whole: true },
          { title: 'Role', value: (one) => one.role },
          { title: 'Invited by', value: (one) => one.createdBy },
          { title: 'Valid until', value: (one) => instant(one.expiresAt) },
        ],
        invitations,
      );
    });
  });
}
