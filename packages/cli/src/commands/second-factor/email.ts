import { Argument } from '@commander-js/extra-typings';
import { switchEmailCode } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printCodes } from './codes.ts';
import { askProof } from './proof.ts';

export function factorEmail() {
  return command('email', {
    summary: 'Switch codes by mail on or off',
    description: 'They need a confirmed address, a mail server, and rules of signing in that allow them.',
    examples: [
      ['tidewheel second-factor email on', 'asks for your password, unless you signed in just now'],
      ['tidewheel second-factor email off', 'asks for your password and a code, unless you signed in just now'],
    ],
  })
    .addArgument(new Argument('<state>').choices(['on', 'off'] as const))
    .action(async (state, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const answer = await client.call(switchEmailCode, { body: { on: state === 'on', ...(await askProof(client)) } });
      if (answer.recoveryCodes !== null) return printCodes(context.print, answer);
      context.print.result(answer, () => context.print.line(`Codes by mail are ${state}.`));
    });
}
