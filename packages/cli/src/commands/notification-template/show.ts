import { showTemplate } from '@tidewheel/client/routes';
import { stringify } from 'yaml';
import { command, contextOf } from '../../command.ts';

export function templateShow() {
  return command('show', {
    summary: 'Show a message template as YAML, with its versions',
    examples: [['tidewheel notification-template show run-ended > template.yaml', 'to change it and give it back to `set`']],
  })
    .argument('<template>', 'name of the template')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const found = await (await context.client()).call(showTemplate, { params: { slug } });
      context.print.result(found, () => {
        context.print.line(stringify(found.current.content).trimEnd());
        context.print.note(`Version ${found.current.version} of ${found.versions.map(({ version }) => version).join(', ')}.`);
      });
    });
}
