import { removeSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { askProof } from './proof.ts';

export function factorRemove() {
  return command('remove', {
    summary: 'Switch your authenticator app off, unless your role requires a second factor and you have no other',
    examples: [['tidewheel second-factor remove', 'asks for your password and a code, unless you signed in just now']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    context.print.result(await client.call(removeSecondFactor, { body: await askProof(client) }), () => context.print.line('Your authenticator app is off.'));
  });
}
