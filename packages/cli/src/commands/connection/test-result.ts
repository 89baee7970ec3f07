// What a connection test found, for `connection test` and `connection try`.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Printer } from '../../output/printer.ts';
import { paint } from '../../output/terminal.ts';
import { duration, plain } from '../../output/text.ts';

/** Ends with CommandFailed 1 when a check failed. */
export function tellTest(context: Context, name: string, result: TestResult): void {
  context.print.result(result, () => {
    printChecks(context.print, result);
    for (const [fact, value] of Object.entries(result.discovered ?? {}))
      context.print.line(`  ${fact}: ${plain(typeof value === 'string' ? value : JSON.stringify(value))}`);
    context.print.line(`${name} ${result.ok ? 'works' : 'does not work'} (${duration(result.ms)}).`);
  });
  if (!result.ok) throw new CommandFailed(exitCodes.failed);
}

function printChecks(print: Printer, result: TestResult): void {
  for (const check of result.checks) {
    print.line(`${check.ok ? paint('green', '✓') : paint('red', '✗')} ${plain(check.name)}: ${plain(check.detail)}`);
    if (check.hint) print.line(`  ${paint('cyan', 'Hint:')} ${plain(check.hint)}`);
  }
}
