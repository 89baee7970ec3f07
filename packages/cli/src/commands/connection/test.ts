import { testConnection } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { paint } from '../../output/terminal.ts';
import { duration, plain } from '../../output/text.ts';

export function connectionTest() {
  return command('test', {
    summary: 'Really connect and say what works',
    description: 'Exits with 0 when all checks pass, else with 1.',
    examples: [['tidewheel connection test regulator', 'name, port, host key, sign-in, folder']],
  })
    .argument('<connection>', 'name of the connection')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const result = await (await context.client()).call(testConnection, { params: { slug } });
      context.print.result(result, () => {
        for (const check of result.checks) {
          context.print.line(`${check.ok ? paint('green', '✓') : paint('red', '✗')} ${plain(check.name)}: ${plain(check.detail)}`);
          if (check.hint) context.print.line(`  ${paint('cyan', 'Hint:')} ${plain(check.hint)}`);
        }
        for (const [name, value] of Object.entries(result.discovered ?? {}))
          context.print.line(`  ${name}: ${plain(typeof value === 'string' ? value : JSON.stringify(value))}`);
        context.print.line(`${slug} ${result.ok ? 'works' : 'does not work'} (${duration(result.ms)}).`);
      });
      if (!result.ok) throw new CommandFailed(exitCodes.failed);
    });
}
