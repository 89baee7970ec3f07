import { createSeparation } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { command, contextOf } from '../../command.ts';
import { permissionList } from '../role/content.ts';
import { printViolations } from './violations.ts';

export function separationAdd() {
  return command('add', {
    summary: 'Keep permissions apart: who may do one of these may not do one of those',
    description: 'Who holds both already keeps them and is named; nothing is given from now on that would make another such case.',
    examples: [['tidewheel separation add "Builds or releases" --these flow.edit --those run.cancel', 'nobody gets both']],
  })
    .argument('<title>', 'what people see when it refuses something')
    .requiredOption('--these <permissions>', 'by commas', permissionList)
    .requiredOption('--those <permissions>', 'by commas', permissionList)
    .action(async (title, options) => {
      const context = contextOf(options);
      const body = { title, one: options.these as Permission[], other: options.those as Permission[] };
      const made = await (await context.client()).call(createSeparation, { body });
      context.print.result(made, () => {
        context.print.line(made.id);
        printViolations(context.print, made.violations);
      });
    });
}
