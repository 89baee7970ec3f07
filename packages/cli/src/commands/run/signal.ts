import { sendSignal } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { readText } from '../../input.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runSignal() {
  return command('signal', {
    summary: 'Send a run a signal, for the step that waits for it',
    description: 'A signal that no step waits for yet is kept until one does.',
    examples: [
      ['tidewheel run signal latest pricesAreFinal', 'let it go on'],
      ['tidewheel run signal 12 pricesAreFinal --data \'{"by": "the desk"}\'', 'with something for the step to hand on'],
      ['tidewheel run signal 12 loaded --data @report.json', 'from a file; @- is stdin'],
    ],
  })
    .argument('<run>', runArgument)
    .argument('<name>', 'name of the signal')
    .option('--data <json>', 'what the step gets: JSON of at most 64 KB, or @file')
    .action(async (reference, name, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const data = options.data === undefined ? undefined : await jsonFrom(options.data);
      const taken = await client.call(sendSignal, { params: { id: await resolveRun(client, reference), name }, body: data });
      context.print.result(taken, () => context.print.line(taken.step === null ? 'It is kept: no step waits for it yet.' : `${taken.step} goes on with it.`));
    });
}

async function jsonFrom(given: string): Promise<unknown> {
  const text = given.startsWith('@') ? await readText(given.slice(1)) : given;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.json', `--data is not valid JSON: ${(cause as Error).message}`, {
      hint: 'A text needs its quotes: --data \'"yes"\'.',
      cause,
    });
  }
}
