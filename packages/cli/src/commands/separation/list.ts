import { listSeparations } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function separationList() {
  return command('list', {
    summary: 'List which permissions nobody may hold together',
    examples: [['tidewheel separation list', 'the rules of your workspace']],
  }).action(async (options) => {
    const context = contextOf(options);
    const all = await (await context.client()).call(listSeparations);
    context.print.result(all, () => {
      if (all.length === 0) return context.print.note('Nothing is kept apart.');
      context.print.table(
        [
          { title: 'Separation', value: (one) => one.id, whole: true },
          { title: 'Title', value: (one) => one.title },
          { title: 'These', value: (one) => one.one.join(', ') },
          { title: 'Not with', value: (one) => one.other.join(', ') },
        ],
        all,
      );
    });
  });
}
