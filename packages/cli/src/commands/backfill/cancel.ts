import { cancelBackfill } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printBackfill } from './print-backfill.ts';

export function backfillCancel() {
  return command('cancel', {
    summary: 'Cancel what is left of a backfill',
    examples: [['tidewheel backfill cancel 019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', 'by its id']],
  })
    .argument('<id>', 'id of the backfill')
    .action(async (id, options) => {
      const context = contextOf(options);
      const backfill = await (await context.client()).call(cancelBackfill, { params: { id } });
      context.print.result(backfill, () => printBackfill(context.print, backfill));
    });
}
