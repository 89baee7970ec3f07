import { createToken } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { instant } from '../../output/text.ts';
import { scopeOf } from '../service-account/scope-text.ts';

export function tokenCreate() {
  return command('create', {
    summary: 'Create an API token; prints its secret, once',
    examples: [['tidewheel token create "nightly job" --days 30 > token.txt', 'only the secret goes to stdout']],
  })
    .argument('<title>', 'what it is for')
    .option('--days <n>', 'days until it expires, at most 366', positiveCount, 90)
    .option('--scope <rule>', 'permissions it carries, with @ on which objects (flow.run@flow=load-*); can be given several times', gather)
    .option('--network <cidr>', 'from where it may be used; can be given several times', gather)
    .action(async (title, options) => {
      const context = contextOf(options);
      const body = { title, days: options.days, scope: scopeOf(options.scope), networks: options.network ?? null };
      const token = await (await context.client()).call(createToken, { body });
      context.print.result(token, () => {
        context.print.line(token.token);
        context.print.note(`Keep it safe: it is not shown again. It expires ${instant(token.expiresAt)}.`);
      });
    });
}
