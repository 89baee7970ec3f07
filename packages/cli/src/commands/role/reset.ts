import { resetRole } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function roleReset() {
  return command('reset', { summary: 'Give a preset its original rules again', examples: [['tidewheel role reset viewer', 'as Tidewheel brings it']] })
    .argument('<role>', 'name of the preset')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const role = await (await context.client()).call(resetRole, { params: { slug } });
      context.print.result(role, () => context.print.line(`The role ${role.slug} is as Tidewheel brings it.`));
    });
}
