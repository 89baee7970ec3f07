import { revokeGrant } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function grantRevoke() {
  return command('revoke', {
    summary: 'Revoke a grant; it ends at once',
    examples: [['tidewheel grant revoke 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'by its id in the list']],
  })
    .argument('<grant>', 'id of the grant')
    .action(async (id, options) => {
      const context = contextOf(options);
      const grant = await (await context.client()).call(revokeGrant, { params: { id } });
      context.print.result(grant, () => context.print.line(`The grant to ${grant.user.email} is revoked.`));
    });
}
