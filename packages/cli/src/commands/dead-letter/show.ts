import { showDeadLetter } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';
import { runArgument } from '../../run-reference.ts';
import { resolveLetter } from './reference.ts';

export function deadLetterShow() {
  return command('show', {
    summary: 'Show a dead letter: what failed where, how often, and what was done about it',
    examples: [['tidewheel dead-letter show 12', 'that of run 12']],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const letter = await client.call(showDeadLetter, { params: { id: await resolveLetter(client, reference) } });
      const { replay, ended } = letter;
      context.print.result(letter, () =>
        context.print.facts([
          ['Run', `${letter.number} of ${letter.flow} (${letter.run})`],
          ['State', letter.state],
          ['Failed', instant(letter.at)],
          ['Step', letter.step === null ? null : `${letter.step}, attempt ${letter.attempts}`],
          ['Error', `${plain(letter.message ?? '')} (${letter.code})`],
          ['Replays', replay ? `${letter.replays}, the newest is run ${replay.number}, ${replay.state}` : null],
          ['Settled', ended ? `${instant(ended.at)} by ${plain(ended.by)}${ended.comment ? `: ${plain(ended.comment)}` : ''}` : null],
        ]),
      );
    });
}
