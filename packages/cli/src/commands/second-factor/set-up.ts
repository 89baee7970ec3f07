import { beginSecondFactor, confirmSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { ask } from '../../input.ts';
import { printCodes } from './codes.ts';
import { askProof } from './proof.ts';

export function factorSetUp() {
  return command('set-up', {
    summary: 'Set up an authenticator app as your second factor',
    description:
      'Asks on the terminal. Prints the secret for the app and asks for a first code. With your first second factor come the recovery codes, printed once.\nA passkey is made in a browser, on the profile page.',
    examples: [['tidewheel second-factor set-up', 'asks for your password and a code of the app']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    const begun = await client.call(beginSecondFactor, { body: await askProof(client) });
    context.print.note(`Secret for the app: ${begun.secret}\nor as an address: ${begun.uri}`);
    printCodes(context.print, await client.call(confirmSecondFactor, { body: { code: await ask('Code of the app:') } }));
  });
}
