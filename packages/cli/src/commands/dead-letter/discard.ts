import { discardDeadLetter } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { runArgument } from '../../run-reference.ts';
import { bulkCommand, instantOf } from '../run/bulk.ts';
import { resolveLetter } from './reference.ts';

export function deadLetterDiscard() {
  return command('discard', {
    summary: 'Take note that nothing will be done about a run that failed',
    description: 'Without a run, all open ones of a flow or with an error: said first, done with --yes.',
    examples: [['tidewheel dead-letter discard 12 --comment "the bank was closed"', 'one']],
  })
    .argument('[run]', runArgument)
    .requiredOption('--comment <text>', 'why')
    .option('--flow <flow>', 'all of this flow')
    .option('--code <code>', 'all with this error')
    .option('--since <when>', 'of runs made from this date or instant on')
    .option('--yes', 'do it for all of them')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const { flow, code, since, comment } = options;
      if (reference === undefined) {
        if ((flow ?? code ?? since) === undefined)
          throw new InvalidInput('cli.options', 'say which one, or give a filter', { hint: 'For example --flow mifir-daily.' });
        return bulkCommand(context, { action: 'discard', comment, filter: { flow, code, startedAfter: instantOf(since) } }, options.yes === true);
      }
      const client = await context.client();
      const letter = await client.call(discardDeadLetter, { params: { id: await resolveLetter(client, reference) }, body: { comment } });
      context.print.result(letter, () => context.print.line(`The dead letter of run ${letter.number} is discarded.`));
    });
}
