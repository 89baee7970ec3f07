import { createRole } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { command, contextOf } from '../../command.ts';
import { permissionList, readRole } from './content.ts';

export function roleCreate() {
  return command('create', {
    summary: 'Make a role, as a copy, from a file, or from a list of permissions',
    description: 'It cannot hold more than you hold yourself.',
    examples: [
      ['tidewheel role create night-shift --title "Night shift" --copy-from operator', 'a copy to change'],
      ['tidewheel role create auditor --allow audit.read,run.read', 'on everything'],
      ['tidewheel role create desk --file desk.json', 'with conditions and masks'],
    ],
  })
    .argument('<role>', 'its name: a-z, 0-9 and -')
    .option('--title <text>', 'what people see (default: the name)')
    .option('--description <text>', 'what it is for')
    .option('--copy-from <role>', 'begin with the rules of this role')
    .option('--allow <permissions>', 'permissions on everything, by commas', permissionList)
    .option('--file <file>', 'rules and masks as JSON; - for stdin')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const given = options.file === undefined ? undefined : await readRole(options.file);
      const rules = options.allow ? [{ effect: 'allow' as const, permissions: options.allow as Permission[] }] : given?.rules;
      const body = {
        slug,
        title: options.title ?? given?.title ?? slug,
        description: options.description ?? given?.description ?? '',
        copyFrom: options.copyFrom,
        rules,
        masks: given?.masks,
      };
      const role = await (await context.client()).call(createRole, { body });
      context.print.result(role, () => context.print.line(`The role ${role.slug} is made.`));
    });
}
