import { createServiceKey } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { instant } from '../../output/text.ts';
import { scopeOf } from './scope-text.ts';

export function keyCreate() {
  return command('create-key', {
    summary: 'Create a key of a service account; prints its secret, once',
    description: 'Without --scope it carries all that the account may do. It never gives more than the account has, and never more than you have yourself.',
    examples: [
      ['tidewheel service-account create-key nightly-loads scheduler > key.txt', 'only the secret goes to stdout'],
      [
        "tidewheel service-account create-key nightly-loads scheduler --scope 'flow.run,run.read@flow=load-*' --network 10.20.0.0/16",
        'less, and from there alone',
      ],
    ],
  })
    .argument('<account>', 'the service account')
    .argument('<title>', 'where it is used')
    .option('--days <n>', 'days until it expires, at most 366', positiveCount, 90)
    .option('--scope <rule>', 'permissions it carries, with @ on which objects; can be given several times', gather)
    .option('--network <cidr>', 'from where it may be used; can be given several times', gather)
    .action(async (slug, title, options) => {
      const context = contextOf(options);
      const body = { title, days: options.days, scope: scopeOf(options.scope), networks: options.network ?? null };
      const key = await (await context.client()).call(createServiceKey, { params: { slug }, body });
      context.print.result(key, () => {
        context.print.line(key.token);
        context.print.note(`Keep it safe: it is not shown again. It expires ${instant(key.expiresAt)}.`);
      });
    });
}
