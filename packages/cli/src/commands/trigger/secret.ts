import { setTriggerSecret } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { readSecret } from '../../input.ts';

export function triggerSecret() {
  return command('secret', {
    summary: 'Give a webhook a new secret, shown this once',
    description: 'The secret before counts for a while too, so that the sender can be changed meanwhile.',
    examples: [
      ['tidewheel trigger secret prices-came', 'a new one is made'],
      ['tidewheel trigger secret prices-came --secret - --overlap-hours 0 < secret.txt', 'one that the sender made up; the one before ends now'],
    ],
  })
    .argument('<trigger>', 'name of the trigger')
    .option('--secret <source>', 'from stdin (-) or a file (@path); never the value itself')
    .option('--overlap-hours <n>', 'for so long the one before counts too', hours, 24)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const given = options.secret === undefined ? undefined : (await readSecret(options.secret, 'The secret')).trim();
      const body = { overlapHours: options.overlapHours, ...(given === undefined ? {} : { secret: given }) };
      const result = await (await context.client()).call(setTriggerSecret, { params: { slug }, body });
      context.print.result(result, () => {
        if (given === undefined) context.print.line(result.secret);
        context.print.note(`The secret of ${slug} is set${given === undefined ? '; it is not shown again' : ''}.`);
      });
    });
}

function hours(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= 720) return value;
  throw new InvalidInput('input.hours', `"${text}" is not a number of hours from 0 to 720.`);
}
