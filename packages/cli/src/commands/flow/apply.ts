import { applyFlow } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { paint } from '../../output/terminal.ts';
import { failWithFaults, printFaults, readSource } from './source-file.ts';

export function flowApply() {
  return command('apply', {
    summary: 'Create a flow, or add a version to the one with that name',
    description: "The document's `flow` names it. An unchanged document makes no new version, so applying twice is safe.",
    examples: [
      ['tidewheel flow apply flow.yaml', 'create or change a flow'],
      ['tidewheel flow apply flows/*.yaml', 'several at once, stopping at the first fault'],
      ['cat flow.yaml | tidewheel flow apply -', 'from stdin'],
    ],
  })
    .argument('<files...>', 'YAML files, or - for stdin')
    .action(async (fileNames, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const results: { flow: string; version: number; outcome: string }[] = [];
      for (const fileName of fileNames) {
        const file = await readSource(fileName);
        const { flow, outcome } = await client
          .call(applyFlow, { body: { source: file.source } })
          .catch((thrown: unknown) => failWithFaults(context.print, file, thrown));
        printFaults(context.print, file, flow.warnings);
        results.push({ flow: flow.slug, version: flow.version, outcome });
        if (!context.print.isJson) context.print.line(`${paint('green', '✓')} ${flow.slug} version ${flow.version}: ${outcome}`);
      }
      if (context.print.isJson) context.print.result(results, () => undefined);
    });
}
