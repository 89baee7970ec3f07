import { InvalidArgumentError } from '@commander-js/extra-typings';
import { showRetention, updateRetention } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function auditRetention() {
  return command('retention', {
    summary: 'Show or set how long the contents of entries are kept',
    examples: [
      ['tidewheel audit retention', 'what holds now'],
      ['tidewheel audit retention --days 2555', 'seven years; older contents are erased and the proof still holds'],
      ['tidewheel audit retention --days never', 'nothing is erased'],
    ],
  })
    .option('--days <n>', 'erase contents older than so many days, at least 30; never for nothing', daysOf)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { days } = options;
      const shown = days === undefined ? await client.call(showRetention, {}) : await client.call(updateRetention, { body: { days } });
      context.print.result(shown, () =>
        context.print.facts([
          ['Contents are kept', shown.days === null ? 'for ever' : `${shown.days} days`],
          ['Set', shown.updatedAt === null ? 'never' : `${instant(shown.updatedAt)} by ${plain(shown.updatedBy ?? '')}`],
        ]),
      );
    });
}

function daysOf(text: string): number | null {
  if (text === 'never') return null;
  const days = Number(text);
  if (!Number.isInteger(days) || days < 30) throw new InvalidArgumentError('It must be a whole number of at least 30, or never.');
  return days;
}
