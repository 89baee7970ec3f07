import { resumeRun } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runResume() {
  return command('resume', {
    summary: 'Let a paused run go on, with every run below it',
    examples: [['tidewheel run resume 12', 'where it stood']],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await client.call(resumeRun, { params: { id: await resolveRun(client, reference) } });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} goes on.`));
    });
}
