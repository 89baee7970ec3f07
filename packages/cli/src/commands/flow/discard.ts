import { discardDraft } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';

export function flowDiscard() {
  return command('discard', {
    summary: 'Throw the draft of a flow away',
    description: 'A flow that never had a version is archived.',
    examples: [['tidewheel flow discard flight-delays --revision 4', 'only when it is still revision 4']],
  })
    .argument('<flow>', 'name of the flow')
    .option('--revision <n>', 'only this revision of the draft', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(discardDraft, { params: { slug }, query: { revision: options.revision } });
      const rest = flow.archivedAt === null ? '' : ' It had no version: the flow is archived.';
      context.print.result(flow, () => context.print.line(`The draft of ${slug} is gone.${rest}`));
    });
}
