import { showMatrix } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

const signs = { all: 'yes', some: 'some', none: '' };

export function accessMatrix() {
  return command('matrix', {
    summary: 'Show which role has which permission: on all objects, on some, on none',
    examples: [['tidewheel access matrix', 'roles by permissions']],
  }).action(async (options) => {
    const context = contextOf(options);
    const { permissions, roles } = await (await context.client()).call(showMatrix);
    context.print.result({ permissions, roles }, () =>
      context.print.table(
        [
          { title: 'Permission', value: ({ permission }) => permission, whole: true },
          ...roles.map((role) => ({ title: role.slug, value: ({ permission }: { permission: string }) => signs[role.cells[permission] ?? 'none'] })),
        ],
        permissions,
      ),
    );
  });
}
