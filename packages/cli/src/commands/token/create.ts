import { createToken } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { instant } from '../../output/text.ts';

export function tokenCreate() {
  return command('create', {
    summary: 'Create an API token; prints its secret, once',
    examples: [['tidewheel token create "nightly job" --days 30 > token.txt', 'only the secret goes to stdout']],
  })
    .argument('<title>', 'what it is for')
    .option('--days <n>', 'days until it expires, at most 366', positiveCount, 90)
    .action(async (title, options) => {
      const context = contextOf(options);
      const token = await (await context.client()).call(createToken, { body: { title, days: options.days } });
      context.print.result(token, () => {
        context.print.line(token.token);
        context.print.note(`Keep it safe: it is not shown again. It expires ${instant(token.expiresAt)}.`);
      });
    });
}
