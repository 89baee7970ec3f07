import { removeSeparation } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function separationRemove() {
  return command('remove', {
    summary: 'Keep them apart no more',
    examples: [['tidewheel separation remove 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'by its id in the list']],
  })
    .argument('<separation>', 'id of the separation')
    .action(async (id, options) => {
      const context = contextOf(options);
      const removed = await (await context.client()).call(removeSeparation, { params: { id } });
      context.print.result(removed, () => context.print.line('They are kept apart no more.'));
    });
}
