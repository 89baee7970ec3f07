import { showTrigger } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printTrigger } from './print-trigger.ts';

export function triggerShow() {
  return command('show', {
    summary: 'Show a trigger and how it is; its secret is never shown',
    examples: [['tidewheel trigger show prices-came', 'its settings and state']],
  })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const trigger = await (await context.client()).call(showTrigger, { params: { slug } });
      context.print.result(trigger, () => printTrigger(context.print, trigger));
    });
}
