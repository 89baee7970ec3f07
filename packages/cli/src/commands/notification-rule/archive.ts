import { archiveRule } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function ruleArchive() {
  return command('archive', {
    summary: 'Remove a notification rule; a built-in one is as it was at first',
    examples: [['tidewheel notification-rule archive night-shift', 'the change log can bring it back']],
  })
    .argument('<rule>', 'name of the rule')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(archiveRule, { params: { slug } });
      context.print.result(rule, () => context.print.line(`Notification rule ${rule.slug} is ${rule.builtIn ? 'as it was at first' : 'removed'}.`));
    });
}
