import { replayDeadLetter } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { runArgument } from '../../run-reference.ts';
import { watchRun } from '../../watch/watch-run.ts';
import { bulkCommand, instantOf } from '../run/bulk.ts';
import { resolveLetter } from './reference.ts';

export function deadLetterReplay() {
  return command('replay', {
    summary: 'Run it again from what failed; when that succeeds it is resolved',
    description: 'Without a run, all open ones of a flow or with an error: said first, done with --yes.',
    examples: [
      ['tidewheel dead-letter replay 12 --wait', 'one, until it has ended'],
      ['tidewheel dead-letter replay --code sftp.refused --yes', 'all that failed with this error'],
    ],
  })
    .argument('[run]', runArgument)
    .option('--flow <flow>', 'all of this flow')
    .option('--code <code>', 'all with this error')
    .option('--since <when>', 'of runs made from this date or instant on')
    .option('--yes', 'do it for all of them')
    .option('--wait', 'of one: wait until it has ended')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const { flow, code, since } = options;
      if (reference === undefined) {
        if ((flow ?? code ?? since) === undefined)
          throw new InvalidInput('cli.options', 'say which one, or give a filter', { hint: 'For example --flow mifir-daily.' });
        return bulkCommand(context, { action: 'replay', filter: { flow, code, startedAfter: instantOf(since) } }, options.yes === true);
      }
      const client = await context.client();
      const run = await client.call(replayDeadLetter, { params: { id: await resolveLetter(client, reference) } });
      if (options.wait) return watchRun(context, run.id, { isQuiet: true });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).`));
    });
}
