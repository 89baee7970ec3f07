import { renewRecoveryCodes } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { ask } from '../../input.ts';
import type { Printer } from '../../output/printer.ts';

export function factorCodes() {
  return command('codes', {
    summary: 'Get new recovery codes; the old ones stop working',
    examples: [['tidewheel second-factor codes > codes.txt', 'asks for your password and a code']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    const body = { password: await ask('Password:', { hidden: true }), code: await ask('Code:') };
    printCodes(context.print, await client.call(renewRecoveryCodes, { body }));
  });
}

export function printCodes(print: Printer, made: { recoveryCodes: string[] }): void {
  print.result(made, () => {
    for (const code of made.recoveryCodes) print.line(code);
    print.note('Keep these recovery codes: each signs you in once, and they are not shown again.');
  });
}
