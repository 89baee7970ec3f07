// `tidewheel color processing`: what the desk made, sheet by sheet.
import { Option } from '@commander-js/extra-typings';
import { explainProcessedColor, listColorProcessings, listProcessedColors, showColorProcessing } from '@tidewheel/client/routes';
import type { ColorProcessing, ProcessedColor } from '@tidewheel/contract/routes/color-processings';
import { command, contextOf, group } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { count, instant } from '../../output/text.ts';

const columns: TableColumn<ColorProcessing>[] = [
  { title: 'Number', value: (one) => String(one.number), align: 'right' },
  { title: 'Date', value: (one) => one.date, whole: true },
  { title: 'Kind', value: (one) => one.kind },
  { title: 'Taken', value: (one) => count(one.taken), align: 'right' },
  { title: 'Excluded', value: (one) => count(one.excluded), align: 'right' },
  { title: 'Kept', value: (one) => count(one.kept), align: 'right' },
  { title: 'Families', value: (one) => count(one.families), align: 'right', optional: true },
  { title: 'Run', value: (one) => (one.run ? `${one.run.flow} #${one.run.number}` : '') },
  { title: 'Ended', value: (one) => instant(one.endedAt), whole: true },
];
const text = (value: number | string | null) => (value === null ? '' : String(value));
const rowColumns: TableColumn<ProcessedColor>[] = [
  { title: 'Line', value: (row) => String(row.line), align: 'right' },
  { title: 'Date', value: (row) => text(row.date), whole: true },
  { title: 'CUSIP', value: (row) => `${row.child ? '  ' : ''}${row.cusip ?? row.isin ?? ''}`, whole: true },
  { title: 'Ticker', value: (row) => text(row.ticker) },
  { title: 'Dealer', value: (row) => text(row.dealer) },
  { title: 'Bias', value: (row) => text(row.bias) },
  { title: 'PX', value: (row) => text(row.px), align: 'right' },
  { title: 'Rank', value: (row) => text(row.rank), align: 'right' },
  { title: 'Color', value: (row) => (row.excludedBy === null ? text(row.color) : 'excluded') },
];

function processingNumber(given: string): number {
  return positiveCount(given);
}

export function colorProcessing() {
  return group('processing', { summary: 'See what was processed, its rows, and why each is where it is' })
    .addCommand(list())
    .addCommand(show())
    .addCommand(rows())
    .addCommand(why());
}

function list() {
  return command('list', { summary: 'List what the desk processed', examples: [['tidewheel color processing list --from 2026-11-01', 'newest first']] })
    .addOption(new Option('--kind <kind>', 'automatic, or manual: of a session').choices(['automatic', 'manual']))
    .option('--from <date>', 'of this business date or later')
    .option('--to <date>', 'of this business date or before')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async ({ kind, from, to, limit, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listColorProcessings, { query: { ...page, kind, from, to } }));
      printListing(context.print, listing, { columns, empty: 'Nothing was processed yet.' });
    });
}

function show() {
  return command('show', { summary: 'Show a processing and what each rule did', examples: [['tidewheel color processing show 12', 'by its number']] })
    .argument('<number>', 'its number', processingNumber)
    .action(async (number, options) => {
      const context = contextOf(options);
      const one = await (await context.client()).call(showColorProcessing, { params: { number } });
      context.print.result(one, () => {
        context.print.facts([
          ['Number', String(one.number)],
          ['Date', one.date],
          ['Kind', one.kind],
          ['Run', one.run ? `${one.run.flow} #${one.run.number}` : ''],
          ['Taken', `${count(one.taken)}: ${count(one.kept)} kept in ${count(one.families)} families, ${count(one.excluded)} excluded`],
          [
            'Sources',
            Object.entries(one.bySource)
              .map(([source, kept]) => `${source || 'unnamed'} ${count(kept)}`)
              .join(', '),
          ],
          ['Ended', instant(one.endedAt)],
          ['By', one.by],
        ]);
        context.print.table(
          [
            { title: 'Rule', value: (rule) => rule.title },
            { title: 'Kind', value: (rule) => rule.kind },
            { title: 'Rows', value: (rule) => count(rule.rows), align: 'right' },
          ],
          one.byRule,
        );
      });
    });
}

function rows() {
  return command('rows', {
    summary: 'List the rows of a processing as in its sheet',
    examples: [['tidewheel color processing rows 12 --which excluded', 'what was left out']],
  })
    .argument('<number>', 'its number', processingNumber)
    .addOption(new Option('--which <rows>', 'which rows').choices(['all', 'kept', 'excluded']).default('kept' as const))
    .option('--rule <id>', 'that this rule excluded or coloured')
    .option('--search <text>', 'begins a CUSIP, ISIN or ticker, or is in the name of an issuer')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (number, { which, rule, search, limit, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(limit, (page) => client.call(listProcessedColors, { params: { number }, query: { ...page, which, rule, search } }));
      printListing(context.print, listing, { columns: rowColumns, empty: 'No such rows.' });
    });
}

function why() {
  return command('why', { summary: 'Say why a row is where it is', examples: [['tidewheel color processing why 12 3', 'line 3 of processing 12']] })
    .argument('<number>', 'the number of the processing', processingNumber)
    .argument('<line>', 'the line', positiveCount)
    .action(async (number, line, options) => {
      const context = contextOf(options);
      const told = await (await context.client()).call(explainProcessedColor, { params: { number, line } });
      context.print.result(told, () => {
        for (const reason of told.reasons) context.print.line(reason.text);
      });
    });
}
