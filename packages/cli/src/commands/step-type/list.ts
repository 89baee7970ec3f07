import { listStepTypes } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function stepTypeList() {
  return command('list', { summary: 'List the step types that a flow can use', examples: [['tidewheel step-type list', 'by group']] }).action(
    async (options) => {
      const context = contextOf(options);
      const types = (await (await context.client()).call(listStepTypes)).sort((a, b) => a.group.localeCompare(b.group) || a.type.localeCompare(b.type));
      context.print.result(types, () =>
        context.print.table(
          [
            { title: 'Type', value: (type) => type.type, whole: true },
            { title: 'Group', value: (type) => type.group },
            { title: 'Title', value: (type) => type.title },
          ],
          types,
        ),
      );
    },
  );
}
