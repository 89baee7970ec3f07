import { showRole, updateRole } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { permissionList, readRole } from './content.ts';

export function roleUpdate() {
  return command('update', {
    summary: 'Change a role; what is not given stays as it is',
    examples: [
      ['tidewheel role update night-shift --allow flow.read,flow.run,run.cancel', 'these permissions, on everything'],
      ['tidewheel role update desk --file desk.json --revision 4', 'refused when somebody changed it since revision 4'],
    ],
  })
    .argument('<role>', 'name of the role')
    .option('--title <text>', 'what people see')
    .option('--description <text>', 'what it is for')
    .option('--allow <permissions>', 'instead of its rules: permissions on everything, by commas', permissionList)
    .option('--file <file>', 'instead of its rules and masks: those of this JSON; - for stdin')
    .option('--revision <n>', 'the revision that you saw', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showRole, { params: { slug } });
      const given = options.file === undefined ? now : await readRole(options.file);
      const rules = options.allow ? [{ effect: 'allow' as const, permissions: options.allow as Permission[] }] : given.rules;
      const role = await client.call(updateRole, {
        params: { slug },
        body: {
          title: options.title ?? given.title ?? now.title,
          description: options.description ?? given.description ?? now.description,
          rules,
          masks: given.masks,
          revision: options.revision ?? now.revision,
        },
      });
      context.print.result(role, () => context.print.line(`The role ${role.slug} is changed: revision ${role.revision}.`));
    });
}
