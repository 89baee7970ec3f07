import { removePasskey } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { askProof } from '../second-factor/proof.ts';

export function passkeyRemove() {
  return command('remove', {
    summary: 'Remove one of your passkeys, unless your role requires a second factor and you have no other',
    examples: [['tidewheel passkey remove 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'asks for your password and a code, unless you signed in just now']],
  })
    .argument('<passkey>', 'its id, as `tidewheel passkey list` shows it')
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const answer = await client.call(removePasskey, { params: { id }, body: await askProof(client) });
      context.print.result(answer, () => context.print.line('Removed. Delete it on the device or at its provider too.'));
    });
}
