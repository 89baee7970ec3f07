import { endDelegation } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function delegationEnd() {
  return command('end', {
    summary: 'End a delegation before its day',
    examples: [['tidewheel delegation end 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'by its id in the list']],
  })
    .argument('<delegation>', 'id of the delegation')
    .action(async (id, options) => {
      const context = contextOf(options);
      const ended = await (await context.client()).call(endDelegation, { params: { id } });
      context.print.result(ended, () => context.print.line(`${ended.to.email} acts for ${ended.from.email} no more.`));
    });
}
