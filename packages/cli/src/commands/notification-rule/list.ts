import { listRules } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function ruleList() {
  return command('list', {
    summary: 'List notification rules',
    examples: [['tidewheel notification-rule list', 'those that came with the product too']],
  }).action(async (options) => {
    const context = contextOf(options);
    const rules = await (await context.client()).call(listRules);
    context.print.result(rules, () =>
      context.print.table(
        [
          { title: 'Rule', value: (rule) => rule.slug, whole: true },
          { title: 'Title', value: (rule) => rule.content.title },
          { title: 'Channels', value: (rule) => rule.content.channels.join(', ') },
          { title: 'State', value: (rule) => (rule.content.enabled ? 'on' : 'off') },
          { title: 'From', value: (rule) => (rule.builtIn ? (rule.changed ? 'built in, changed here' : 'built in') : (rule.updatedBy ?? '')) },
        ],
        rules,
      ),
    );
  });
}
