import { importFlows } from '@tidewheel/client/routes';
import type { ImportedFlow } from '@tidewheel/contract/routes/flow-versions';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { TableColumn } from '../../output/table.ts';
import { failWithFaults, printFaults, readSource } from './source-file.ts';

const columns: TableColumn<ImportedFlow>[] = [
  { title: 'Line', value: ({ line }) => String(line), align: 'right' },
  { title: 'Flow', value: ({ flow }) => flow ?? '?', whole: true },
  { title: 'Outcome', value: ({ outcome }) => outcome, whole: true },
  { title: 'Version', value: ({ version }) => (version === null ? '' : String(version)), align: 'right' },
  { title: 'What', value: ({ reason, changes }) => reason ?? (changes ? changesText(changes) : '') },
];

export function flowImport() {
  return command('import', {
    summary: 'Create and change several flows from one YAML text',
    description: 'Documents are divided by `---`. All or nothing: with one that is refused, none is kept.',
    examples: [
      ['tidewheel flow import flows.yaml --dry-run', 'what would be created and changed'],
      ['tidewheel flow import flows.yaml', 'do it'],
    ],
  })
    .argument('<file>', 'YAML file, or - for stdin')
    .option('--dry-run', 'tell what would happen, and keep nothing')
    .action(async (fileName, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const file = await readSource(fileName);
      const dryRun = options.dryRun === true;
      const { flows } = await client
        .call(importFlows, { body: { source: file.source, dryRun } })
        .catch((thrown: unknown) => failWithFaults(context.print, file, thrown));
      for (const { faults } of flows) printFaults(context.print, file, faults);
      context.print.result({ dryRun, flows }, () => {
        context.print.table(columns, flows);
        if (dryRun) context.print.note('A dry run: nothing was kept.');
      });
      if (flows.some(({ outcome }) => outcome === 'refused')) throw new CommandFailed(exitCodes.invalid);
    });
}

function changesText({ document, parameters, steps }: NonNullable<ImportedFlow['changes']>): string {
  const parts = [
    ...document.map(({ path }) => path),
    ...parameters.map(({ kind, name }) => `parameter ${name} ${kind}`),
    ...steps.map(({ kind, step }) => `${step} ${kind}`),
  ];
  return parts.length === 0 ? 'the text only' : parts.join(', ');
}
