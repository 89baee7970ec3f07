import { saveRule } from '@tidewheel/client/routes';
import type { RuleContent } from '@tidewheel/contract/notify';
import type { z } from 'zod';
import { command, contextOf } from '../../command.ts';
import { contentFrom } from '../../content-file.ts';

export function ruleSet() {
  return command('set', {
    summary: 'Create or change a notification rule',
    description:
      'The file says title, match, to, channels, template and limits; `tidewheel notification-rule show` gives one, docs/notifications.md explains it.',
    examples: [['tidewheel notification-rule set night-shift --file rule.yaml', 'what is missing or unknown in it is named']],
  })
    .argument('<rule>', 'its name: a-z, 0-9 and -')
    .requiredOption('--file <file>', 'the rule in YAML or JSON, or - for stdin')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = (await contentFrom(options.file)) as z.input<typeof RuleContent>;
      const rule = await (await context.client()).call(saveRule, { params: { slug }, body });
      context.print.result(rule, () => context.print.line(`Notification rule ${rule.slug} is saved.`));
    });
}
