import { revertChange } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function changeRevert() {
  return command('revert', {
    summary: 'Take a change back; the revert is a change itself',
    examples: [['tidewheel change revert 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'as `change list` shows it']],
  })
    .argument('<change>', 'id of the change')
    .action(async (id, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(revertChange, { params: { id } });
      context.print.result(done, () => context.print.line(`Taken back: ${done.object.type} ${done.object.title} by the change ${done.id}.`));
    });
}
