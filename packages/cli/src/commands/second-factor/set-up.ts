import { beginSecondFactor, confirmSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { ask } from '../../input.ts';
import { printCodes } from './codes.ts';

export function factorSetUp() {
  return command('set-up', {
    summary: 'Set up a second factor with an authenticator app',
    description: 'Asks on the terminal. Prints the secret for the app, asks for a first code, and prints the recovery codes, once.',
    examples: [['tidewheel second-factor set-up', 'asks for your password and a code of the app']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    const begun = await client.call(beginSecondFactor, { body: { password: await ask('Password:', { hidden: true }) } });
    context.print.note(`Secret for the app: ${begun.secret}\nor as an address: ${begun.uri}`);
    printCodes(context.print, await client.call(confirmSecondFactor, { body: { code: await ask('Code of the app:') } }));
  });
}
