import { InvalidArgumentError } from '@commander-js/extra-typings';
import { showCheckpoint } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';

export function auditCheckpoint() {
  return command('checkpoint', {
    summary: 'Show the newest signed checkpoint',
    description: 'Keep its text somewhere that this server cannot reach: whatever is changed afterwards no longer fits it.',
    examples: [
      ['tidewheel audit checkpoint > checkpoint.txt', 'the text to keep'],
      ['tidewheel audit checkpoint --json | jq -r .key', 'the key to verify with'],
    ],
  })
    .option('--since <size>', 'with --json: add the proof that a checkpoint of that size is contained', sizeOf)
    .action(async (options) => {
      const context = contextOf(options);
      const checkpoint = await (await context.client()).call(showCheckpoint, { query: { since: options.since } });
      context.print.result(checkpoint, () => {
        context.print.line(checkpoint.note.trimEnd());
        context.print.note(`Verifier key: ${checkpoint.key}`);
      });
    });
}

function sizeOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be the second line of a checkpoint.');
  return positiveCount(text);
}
