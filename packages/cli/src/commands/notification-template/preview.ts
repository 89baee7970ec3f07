import { previewTemplate } from '@tidewheel/client/routes';
import type { TemplateContent } from '@tidewheel/contract/notify';
import type { z } from 'zod';
import { command, contextOf } from '../../command.ts';
import { contentFrom } from '../../content-file.ts';
import { plain } from '../../output/text.ts';

export function templatePreview() {
  return command('preview', {
    summary: 'Render a message template with an event, or with a sample',
    examples: [['tidewheel notification-template preview --file template.yaml', 'before it is saved']],
  })
    .requiredOption('--file <file>', 'the template in YAML or JSON, or - for stdin')
    .option('--event <id>', 'a notification event; see `tidewheel notification list --json`')
    .action(async (options) => {
      const context = contextOf(options);
      const content = (await contentFrom(options.file)) as z.input<typeof TemplateContent>;
      const body = options.event === undefined ? { content } : { content, event: options.event };
      const rendered = await (await context.client()).call(previewTemplate, { body });
      context.print.result(rendered, () => {
        context.print.line(`${plain(rendered.subject)}\n\n${rendered.text}`);
        context.print.line(`\nIn the page: ${plain(rendered.inAppTitle)}\n${rendered.inAppText}`);
      });
    });
}
