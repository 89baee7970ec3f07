import { InvalidArgumentError } from '@commander-js/extra-typings';
import { diffFlow } from '@tidewheel/client/routes';
import type { EdgeChange, FlowDiff, TextDiff, ValueChange } from '@tidewheel/contract/flow-diff';
import type { FlowComparison } from '@tidewheel/contract/routes/flow-versions';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { paint } from '../../output/terminal.ts';
import { instant, plain } from '../../output/text.ts';

export function flowDiff() {
  return command('diff', {
    summary: 'What changed between two versions of a flow',
    description: 'By meaning: head, parameters, steps and edges; with --text line by line.',
    examples: [
      ['tidewheel flow diff flight-delays', 'the newest version against the one before it'],
      ['tidewheel flow diff flight-delays 2 5', 'version 5 against version 2'],
      ['tidewheel flow diff flight-delays --to draft --text', 'what publishing would change, as text'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .argument('[from]', 'a version, or draft', versionName)
    .argument('[to]', 'a version, or draft', versionName)
    .option('--to <version>', 'the same as the argument, against the one before it', versionName)
    .option('--text', 'the texts, line by line')
    .action(async (slug, from, to, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const comparison = await client.call(diffFlow, { params: { slug }, query: { from, to: to ?? options.to } });
      context.print.result(comparison, () => printComparison(context.print, { comparison, asText: options.text === true }));
    });
}

function versionName(text: string): number | 'draft' {
  if (text === 'draft') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a version, or draft.');
}

function printComparison(print: Printer, { comparison, asText }: { comparison: FlowComparison; asText: boolean }): void {
  print.line(`${paint('red', '-')} ${sideText(comparison.from)}`);
  print.line(`${paint('green', '+')} ${sideText(comparison.to)}`);
  if (asText || comparison.changes === null) {
    if (!asText) print.note('The draft cannot be read as a flow document: only the texts can be compared.');
    printText(print, comparison.text);
  } else if (comparison.same) print.line(comparison.text.hunks.length === 0 ? 'The same text.' : 'The same meaning; only the text differs (--text).');
  else printChanges(print, comparison.changes);
}

function sideText({ version, draft, by, at }: FlowComparison['from']): string {
  return `${version === null ? `draft ${draft}` : `version ${version}`}, ${instant(at)} by ${plain(by)}`;
}

const marks = { added: ['green', '+'], removed: ['red', '-'], changed: ['yellow', '~'], renamed: ['cyan', '>'] } as const;
function marked(kind: keyof typeof marks, text: string): string {
  const [style, mark] = marks[kind];
  return paint(style, `${mark} ${text}`);
}

function printChanges(print: Printer, { document, parameters, steps }: FlowDiff): void {
  printValues(print, { changes: document, indent: '' });
  for (const { kind, name, changes } of parameters) {
    print.line(marked(kind, `parameter ${name}`));
    if (kind === 'changed') printValues(print, { changes, indent: '    ' });
  }
  for (const { kind, step, was, use, changes, edges } of steps) {
    print.line(marked(kind, `step ${was === null ? step : `${was} is now ${step}`} (${use})`));
    printValues(print, { changes, indent: '    ' });
    for (const edge of edges) print.line(`    ${marked(edge.kind, edgeText(edge))}`);
  }
}

function edgeText({ as, input, step }: EdgeChange): string {
  return `${as}${input === null || input === 'input' ? '' : ` ${input}`}: ${step}`;
}

function printValues(print: Printer, { changes, indent }: { changes: ValueChange[]; indent: string }): void {
  for (const { kind, path, before, after } of changes) {
    const values = [...(kind === 'added' ? [] : [paint('red', shown(before))]), ...(kind === 'removed' ? [] : [paint('green', shown(after))])];
    print.line(`${indent}${marked(kind, path)}: ${values.join(' -> ')}`);
  }
}

function shown(value: unknown): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

function printText(print: Printer, { hunks }: TextDiff): void {
  for (const { before, after, lines } of hunks) {
    print.line(paint('cyan', `@@ line ${before}, now ${after} @@`));
    for (const { kind, text } of lines) {
      const line = plain(text);
      print.line(kind === 'same' ? `  ${line}` : marked(kind, line));
    }
  }
}
