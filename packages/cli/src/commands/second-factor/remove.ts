import { removeSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { ask } from '../../input.ts';

export function factorRemove() {
  return command('remove', {
    summary: 'Switch your second factor off, where your role does not require it',
    examples: [['tidewheel second-factor remove', 'asks for your password and a code']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    const body = { password: await ask('Password:', { hidden: true }), code: await ask('Code, or a recovery code:') };
    context.print.result(await client.call(removeSecondFactor, { body }), () => context.print.line('Your second factor is off.'));
  });
}
