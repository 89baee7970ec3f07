import { cancelRun } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runCancel() {
  return command('cancel', {
    summary: 'Cancel a run',
    description: 'Running steps are told to stop; what they had finished stays.',
    examples: [
      ['tidewheel run cancel 12', 'ask for it'],
      ['tidewheel run cancel latest --wait; test $? = 1', 'and wait until it has ended: a cancelled run exits with 1'],
    ],
  })
    .argument('<run>', runArgument)
    .option('--wait', 'wait until it has ended')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await client.call(cancelRun, { params: { id: await resolveRun(client, reference) } });
      if (options.wait) return watchRun(context, run.id, { isQuiet: true });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} is ${run.state}.`));
    });
}
