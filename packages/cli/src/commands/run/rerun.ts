import { rerunRun } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runRerun() {
  return command('rerun', {
    summary: 'Start the same version with the same parameters again',
    examples: [['tidewheel run rerun latest --watch', 'the newest run once more']],
  })
    .argument('<run>', runArgument)
    .option('--watch', 'show its steps until it has ended')
    .option('--wait', 'show nothing until it has ended')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await client.call(rerunRun, { params: { id: await resolveRun(client, reference) } });
      if (options.watch || options.wait) return watchRun(context, run.id, { isQuiet: !options.watch });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).`));
    });
}
