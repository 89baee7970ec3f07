import { saveTemplate } from '@tidewheel/client/routes';
import type { TemplateContent } from '@tidewheel/contract/notify';
import type { z } from 'zod';
import { command, contextOf } from '../../command.ts';
import { contentFrom } from '../../content-file.ts';

export function templateSet() {
  return command('set', {
    summary: 'Save a new version of a message template',
    description: 'The file says title, kinds, subject, text, html and short; it is rendered with a sample first.',
    examples: [['tidewheel notification-template set run-ended --file template.yaml', 'what cannot be rendered is named with its place']],
  })
    .argument('<template>', 'its name: a-z, 0-9 and -')
    .requiredOption('--file <file>', 'the template in YAML or JSON, or - for stdin')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = (await contentFrom(options.file)) as z.input<typeof TemplateContent>;
      const template = await (await context.client()).call(saveTemplate, { params: { slug }, body });
      context.print.result(template, () => context.print.line(`Template ${template.slug} is saved as version ${template.version}.`));
    });
}
