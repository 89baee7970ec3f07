import { createServiceAccount } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function serviceAccountCreate() {
  return command('create', {
    summary: 'Create a service account; it has no key yet',
    examples: [['tidewheel service-account create nightly-loads --title "Nightly loads" --role operator', 'then `create-key`']],
  })
    .argument('<slug>', 'its name: a-z, 0-9 and -')
    .option('--title <text>', 'as people read it (default: the slug)')
    .option('--description <text>', 'what it is for', '')
    .option('--role <role>', 'what it may do; a role of yours, or less', 'viewer')
    .option('--owner <email>', 'a member who answers for it (default: you)')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { description, role, owner } = options;
      const made = await (await context.client()).call(createServiceAccount, { body: { slug, title: options.title ?? slug, description, role, owner } });
      context.print.result(made, () => context.print.line(`Created ${made.slug} (${made.role}).`));
    });
}
