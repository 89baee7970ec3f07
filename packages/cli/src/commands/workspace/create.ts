import { createWorkspace } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function workspaceCreate() {
  return command('create', {
    summary: 'Create a workspace; you become its administrator',
    examples: [['tidewheel workspace create treasury --title Treasury --administrator tessa@example.org', 'with one more administrator']],
  })
    .argument('<slug>', 'its name in addresses: a-z, 0-9 and -')
    .option('--title <text>', 'as people read it (default: the slug)')
    .option('--administrator <email>', 'another person with an account who administers it')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = { slug, title: options.title ?? slug, administrator: options.administrator };
      const made = await (await context.client()).call(createWorkspace, { body });
      context.print.result(made, () => context.print.line(`Created ${made.title} (${made.slug}).`));
    });
}
