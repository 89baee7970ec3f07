import { deleteRole } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function roleDelete() {
  return command('delete', {
    summary: 'Delete a role that nobody and nothing holds',
    examples: [['tidewheel role delete night-shift', 'refused while it is held, naming by whom']],
  })
    .argument('<role>', 'name of the role')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const deleted = await (await context.client()).call(deleteRole, { params: { slug } });
      context.print.result(deleted, () => context.print.line(`The role ${slug} is deleted.`));
    });
}
