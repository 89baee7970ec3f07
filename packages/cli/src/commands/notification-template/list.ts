import { listTemplates } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function templateList() {
  return command('list', {
    summary: 'List message templates',
    examples: [['tidewheel notification-template list', 'and for which events they are used']],
  }).action(async (options) => {
    const context = contextOf(options);
    const templates = await (await context.client()).call(listTemplates);
    context.print.result(templates, () =>
      context.print.table(
        [
          { title: 'Template', value: (one) => one.slug, whole: true },
          { title: 'Title', value: (one) => one.content.title },
          { title: 'For', value: (one) => one.content.kinds.join(', ') },
          { title: 'Version', value: (one) => (one.version === 0 ? 'built in' : String(one.version)), align: 'right' },
        ],
        templates,
      ),
    );
  });
}
