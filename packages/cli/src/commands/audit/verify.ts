import { access } from 'node:fs/promises';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readText, unreadable } from '../../input.ts';
import { linesOf, verdictLines, verifyAudit } from './verifier.ts';

export function auditVerify() {
  return command('verify', {
    summary: 'Verify an export without any server',
    description: 'Ends with 1 when anything was changed. Needs nothing but the file: packages/cli/src/commands/audit/verifier.ts does the same alone.',
    examples: [
      ['tidewheel audit verify audit.ndjson', 'does the export agree with itself'],
      ['tidewheel audit verify audit.ndjson --key tidewheel-audit+1f… --earlier march.txt', 'and with what was kept elsewhere'],
    ],
  })
    .argument('<file>', 'the export; - for stdin')
    .option('--key <key>', 'the verifier key you trust (see tidewheel audit checkpoint)')
    .option('--earlier <file>', 'a checkpoint that was kept elsewhere; it must be of the same tree')
    .action(async (file, options) => {
      const context = contextOf(options);
      if (file !== '-')
        await access(file).catch((cause: unknown) => {
          throw unreadable(file, cause);
        });
      const earlier = options.earlier === undefined ? undefined : await readText(options.earlier);
      const verdict = await verifyAudit(linesOf(file), { key: options.key, earlier });
      context.print.result(verdict, () => {
        for (const line of verdictLines(verdict, options.key !== undefined)) context.print.line(line);
      });
      if (!verdict.sound) throw new CommandFailed(exitCodes.failed);
    });
}
