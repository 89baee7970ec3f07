import { showFlow } from '@tidewheel/client/routes';
import type { Step } from '@tidewheel/contract/flow-document';
import { afterOf, allSteps, type PlacedStep } from '@tidewheel/contract/flow-steps';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { faultLine } from '../../output/failure.ts';
import type { Printer } from '../../output/printer.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant, plain } from '../../output/text.ts';

export function flowShow() {
  return command('show', {
    summary: 'Show a flow',
    examples: [
      ['tidewheel flow show flight-delays', 'its parameters and steps'],
      ['tidewheel flow show flight-delays --source > flow.yaml', 'its YAML as it was written'],
      ['tidewheel flow show flight-delays --version 2 --source', 'an older version'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('--source', 'print only the YAML, as it was written')
    .option('--version <n>', 'this version instead of the newest', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(showFlow, { params: { slug }, query: { version: options.version } });
      if (options.source && !context.print.isJson) process.stdout.write(flow.source.endsWith('\n') ? flow.source : `${flow.source}\n`);
      else context.print.result(flow, () => printFlow(context.print, flow));
    });
}

/** Steps inside others stand below them, further in. */
const stepColumns: TableColumn<PlacedStep>[] = [
  { title: 'Step', value: ({ id, inside }) => `${'  '.repeat(inside.length)}${id}`, whole: true },
  { title: 'Use', value: ({ step }) => step.use },
  {
    title: 'From',
    value: ({ step }) =>
      typeof step.from === 'object'
        ? Object.entries(step.from)
            .map(([name, from]) => `${name}: ${from}`)
            .join(', ')
        : (step.from ?? ''),
  },
  { title: 'After', value: ({ step }) => afterOf(step).join(', ') },
  { title: 'When', value: ({ step }) => whenInWords(step) },
];

function whenInWords({ when, on, join, each, repeat, mayFail, undo }: Step): string {
  const told = [
    when,
    on && on !== 'success' ? `on ${on}` : undefined,
    join === undefined ? undefined : `join ${join}`,
    each && `for each of ${each.over ?? `the rows of ${each.rows}`}`,
    repeat && `until ${repeat.until}`,
    mayFail ? 'may fail' : undefined,
    undo && `undone by ${undo.use}`,
  ];
  return told.filter((part) => part !== undefined).join('; ');
}

function printFlow(print: Printer, flow: Flow): void {
  print.facts([
    ['Flow', flow.slug],
    ['Title', plain(flow.title)],
    ['Description', flow.description === null ? null : plain(flow.description)],
    ['Kind', flow.kind],
    ['Version', `${flow.version} of ${instant(flow.updatedAt)}`],
    ['Time zone', flow.document.timeZone],
    ['Overlap', overlapInWords(flow)],
    ['Hash', flow.hash],
    ['Off', flow.off && `since ${instant(flow.off.at)} by ${plain(flow.off.by)}: ${plain(flow.off.reason)}`],
    ['Draft', flow.draft && `revision ${flow.draft.revision} by ${plain(flow.draft.savedBy)} of ${instant(flow.draft.savedAt)}`],
    ['Archived', instant(flow.archivedAt)],
    ['Last run', flow.lastRun ? `${flow.lastRun.state} ${instant(flow.lastRun.finishedAt)}` : null],
  ]);
  printParameters(print, flow);
  print.line();
  print.table(stepColumns, [...allSteps(flow.document.steps)]);
  printOutputs(print, flow);
  for (const warning of flow.warnings) print.note(faultLine(warning));
}

function overlapInWords({ document: { overlap } }: Flow): string | null {
  if (!overlap) return null;
  const others = { queue: 'others wait in line', skip: 'others are refused', cancelPrevious: 'the ones before are cancelled' };
  return `${overlap.most === 1 ? 'one run' : `${overlap.most} runs`} at once; ${others[overlap.policy]}`;
}

function printOutputs(print: Printer, flow: Flow): void {
  const outputs = Object.entries(flow.document.outputs ?? {});
  if (outputs.length === 0) return;
  print.line();
  print.table(
    [
      { title: 'Output', value: ([name]) => name, whole: true },
      { title: 'Type', value: ([, output]) => output.type },
      { title: 'Value', value: ([, output]) => output.value },
      { title: 'Description', value: ([, output]) => plain(output.description ?? '') },
    ],
    outputs,
  );
}

function printParameters(print: Printer, flow: Flow): void {
  const parameters = Object.entries(flow.document.parameters);
  if (parameters.length === 0) return;
  print.line();
  print.table(
    [
      { title: 'Parameter', value: ([name]) => name, whole: true },
      { title: 'Type', value: ([, parameter]) => parameter.type },
      { title: 'Default', value: ([, parameter]) => (parameter.default === undefined ? '(required)' : String(parameter.default)) },
      { title: 'Description', value: ([, parameter]) => parameter.description ?? parameter.title ?? '' },
    ],
    parameters,
  );
}
