import { updateServiceAccount } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function serviceAccountUpdate() {
  return command('update', {
    summary: 'Change title, description, role or owner of a service account',
    examples: [['tidewheel service-account update nightly-loads --role viewer', 'its keys may do less at once']],
  })
    .argument('<slug>', 'the account')
    .option('--title <text>', 'as people read it')
    .option('--description <text>', 'what it is for')
    .option('--role <role>', 'what it may do')
    .option('--owner <email>', 'a member who answers for it')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { title, description, role, owner } = options;
      const changed = await (await context.client()).call(updateServiceAccount, { params: { slug }, body: { title, description, role, owner } });
      context.print.result(changed, () => context.print.line(`${changed.slug} is changed (${changed.role}).`));
    });
}
