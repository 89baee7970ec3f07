import { revokeToken } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function tokenRevoke() {
  return command('revoke', {
    summary: 'Revoke one of your API tokens',
    examples: [['tidewheel token revoke 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'it stops working at once']],
  })
    .argument('<token>', 'its id, as `tidewheel token list` shows it')
    .action(async (id, options) => {
      const context = contextOf(options);
      const answer = await (await context.client()).call(revokeToken, { params: { id } });
      context.print.result(answer, () => context.print.line('Revoked.'));
    });
}
