import { restoreFlow } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function flowRestore() {
  return command('restore', {
    summary: 'Restore an archived flow',
    examples: [['tidewheel flow restore flight-delays', 'as it was']],
  })
    .argument('<flow>', 'name of the flow')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(restoreFlow, { params: { slug } });
      context.print.result(flow, () => context.print.line(`${flow.slug} is restored.`));
    });
}
