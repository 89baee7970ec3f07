import { archiveFlow } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function flowArchive() {
  return command('archive', {
    summary: 'Archive a flow; it can be restored',
    examples: [['tidewheel flow archive flight-delays', 'no more runs can be started; nothing is lost']],
  })
    .argument('<flow>', 'name of the flow')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(archiveFlow, { params: { slug } });
      context.print.result(flow, () => context.print.line(`${flow.slug} is archived.`));
    });
}
