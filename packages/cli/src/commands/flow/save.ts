import { saveDraft } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { printFaults, readSource } from './source-file.ts';

export function flowSave() {
  return command('save', {
    summary: 'Keep a text as the draft of a flow, faults and all',
    description:
      'A flow has one draft. Over a draft that is there already it is saved only with the revision of that one, so that nobody loses his work unseen.',
    examples: [
      ['tidewheel flow save flow.yaml', 'as the draft of the flow that it names'],
      ['tidewheel flow save flow.yaml --revision 3', 'over revision 3, which you have seen'],
      ['tidewheel flow save notes.yaml --flow flight-delays', 'a text that does not tell its name yet'],
    ],
  })
    .argument('<file>', 'YAML file, or - for stdin')
    .option('--flow <name>', "name of the flow, when the text's `flow` does not tell it")
    .option('--revision <n>', 'of the draft that you have seen', positiveCount, 0)
    .action(async (fileName, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const file = await readSource(fileName);
      const slug = options.flow ?? nameIn(file.source);
      const draft = await client.call(saveDraft, { params: { slug }, body: { source: file.source, revision: options.revision } });
      printFaults(context.print, file, draft.faults);
      const state = draft.valid ? 'ready to be published' : 'not to be published as it is';
      context.print.result(draft, () => context.print.line(`Draft of ${slug}, revision ${draft.revision}: ${state}.`));
    });
}

/** A draft need not be YAML yet: its line `flow: name` is enough. @throws InvalidInput */
function nameIn(source: string): string {
  const name = /^flow:[ \t]*["']?([a-z0-9-]+)["']?[ \t]*(?:#.*)?\r?$/m.exec(source)?.[1];
  if (name !== undefined) return name;
  throw new InvalidInput('input.flow', 'The text does not tell the name of its flow.', { hint: 'Write `flow: <name>` in it, or use --flow.' });
}
