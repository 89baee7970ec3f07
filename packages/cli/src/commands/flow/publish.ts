import { publishDraft, showDraft } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { failWithFaults, printFaults } from './source-file.ts';

export function flowPublish() {
  return command('publish', {
    summary: 'Make the draft of a flow its next version',
    examples: [
      ['tidewheel flow publish flight-delays', 'as it is now'],
      ['tidewheel flow publish flight-delays --revision 4', 'only when it is still revision 4'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('--revision <n>', 'only this revision of the draft', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const draft = await client.call(showDraft, { params });
      const file = { name: `draft of ${slug}`, source: draft.source };
      const { flow, outcome } = await client
        .call(publishDraft, { params, body: { revision: options.revision ?? draft.revision } })
        .catch((thrown: unknown) => failWithFaults(context.print, file, thrown));
      printFaults(context.print, file, flow.warnings);
      context.print.result({ flow: slug, version: flow.version, outcome }, () => context.print.line(`${slug} version ${flow.version}: ${outcome}`));
    });
}
