import { showDraft } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { faultLine } from '../../output/failure.ts';
import { instant, plain } from '../../output/text.ts';

export function flowDraft() {
  return command('draft', {
    summary: 'Show the draft of a flow and its faults',
    examples: [
      ['tidewheel flow draft flight-delays', 'who saved it, and what is wrong with it'],
      ['tidewheel flow draft flight-delays --source > flow.yaml', 'its text'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('--source', 'print only the YAML, as it was written')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const draft = await client.call(showDraft, { params: { slug } });
      if (options.source && !context.print.isJson) {
        process.stdout.write(draft.source.endsWith('\n') ? draft.source : `${draft.source}\n`);
        return;
      }
      context.print.result(draft, () => {
        context.print.facts([
          ['Flow', slug],
          ['Revision', String(draft.revision)],
          ['Upon', draft.base === 0 ? 'no version yet' : `version ${draft.base}`],
          ['Saved', `${instant(draft.savedAt)} by ${plain(draft.savedBy)}`],
          ['Valid', draft.valid ? 'yes' : 'no'],
        ]);
        for (const fault of draft.faults) context.print.line(faultLine(fault));
      });
    });
}
