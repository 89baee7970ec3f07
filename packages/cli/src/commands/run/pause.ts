import { pauseRun } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runPause() {
  return command('pause', {
    summary: 'Pause a run and every run below it',
    description: 'Steps that run end; nothing further begins until it is resumed.',
    examples: [['tidewheel run pause 12', 'hold it back']],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await client.call(pauseRun, { params: { id: await resolveRun(client, reference) } });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} is paused. Let it go on with: tidewheel run resume ${run.number}`));
    });
}
