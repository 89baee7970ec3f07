import { showRule } from '@tidewheel/client/routes';
import { stringify } from 'yaml';
import { command, contextOf } from '../../command.ts';

export function ruleShow() {
  return command('show', {
    summary: 'Show a notification rule as YAML',
    examples: [['tidewheel notification-rule show runs-end > rule.yaml', 'to change it and give it back to `set`']],
  })
    .argument('<rule>', 'name of the rule')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(showRule, { params: { slug } });
      context.print.result(rule, () => context.print.line(stringify(rule.content).trimEnd()));
    });
}
