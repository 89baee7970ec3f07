import { renewRecoveryCodes } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { askProof } from './proof.ts';

export function factorCodes() {
  return command('codes', {
    summary: 'Get new recovery codes; the old ones stop working',
    examples: [['tidewheel second-factor codes > codes.txt', 'asks for your password and a code, unless you signed in just now']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    printCodes(context.print, await client.call(renewRecoveryCodes, { body: await askProof(client) }));
  });
}

export function printCodes(print: Printer, made: { recoveryCodes: string[] | null }): void {
  print.result(made, () => {
    if (made.recoveryCodes === null) return print.note('The recovery codes that you have go on working.');
    for (const code of made.recoveryCodes) print.line(code);
    print.note('Keep these recovery codes: each signs you in once, and they are not shown again.');
  });
}
