import { createDelegation } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';
import { fromTime, untilTime } from '../grant/times.ts';
import { permissionList } from '../role/content.ts';

export function delegationAdd() {
  return command('add', {
    summary: 'Lend another member what your role gives you, until a day',
    description: 'It never gives more than you have at that moment, and the audit trail says through whom somebody acted.',
    examples: [['tidewheel delegation add ben@example.org --until 2026-12-04 --reason "on holiday"', 'all of your role']],
  })
    .argument('<email>', 'who gets it')
    .requiredOption('--until <time>', 'a day, a time, or a span such as 3d', untilTime)
    .requiredOption('--reason <text>', 'why; it is shown with it')
    .option('--allow <permissions>', 'only these, by commas (default: all of your role)', permissionList)
    .option('--from <time>', 'a day or time (default: now)', fromTime)
    .action(async (to, options) => {
      const context = contextOf(options);
      const { reason, from, until } = options;
      const body = { to, reason, from, until, permissions: options.allow as Permission[] | undefined };
      const lent = await (await context.client()).call(createDelegation, { body });
      context.print.result(lent, () => {
        context.print.line(lent.id);
        context.print.note(`${lent.to.email} may do it for you until ${instant(lent.until)}.`);
      });
    });
}
