import { archiveTemplate } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function templateArchive() {
  return command('archive', {
    summary: 'Remove a message template; a built-in one is as it was at first',
    examples: [['tidewheel notification-template archive run-ended', 'its versions are kept']],
  })
    .argument('<template>', 'name of the template')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const template = await (await context.client()).call(archiveTemplate, { params: { slug } });
      context.print.result(template, () => context.print.line(`Template ${template.slug} is ${template.builtIn ? 'as it was at first' : 'removed'}.`));
    });
}
