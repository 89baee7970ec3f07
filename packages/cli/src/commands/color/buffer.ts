// `tidewheel color buffer`: the colors that wait.
import { Argument, Option } from '@commander-js/extra-typings';
import {
  listColorBuffer,
  removeWaitingColors,
  repairWaitingColors,
  restoreWaitingColors,
  summarizeColorBuffer,
  updateWaitingColor,
} from '@tidewheel/client/routes';
import { ColorField } from '@tidewheel/contract/color';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { bufferStates, type WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import { command, contextOf, gather, group } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';

const columns: TableColumn<WaitingColor>[] = [
  { title: 'Id', value: (row) => row.id, whole: true },
  { title: 'Date', value: (row) => row.date, whole: true },
  { title: 'Bond', value: (row) => row.cusip ?? row.isin ?? row.ticker ?? row.doubts['cusip']?.was ?? '' },
  { title: 'Dealer', value: (row) => row.dealer ?? '', optional: true },
  { title: 'Bias', value: (row) => row.bias ?? '' },
  { title: 'PX', value: (row) => String(row.px ?? ''), align: 'right' },
  {
    title: 'Doubts',
    value: (row) =>
      Object.entries(row.doubts)
        .map(([field, doubt]) => (doubt.repair === undefined ? field : `${field}: ${doubt.repair}?`))
        .join(', '),
  },
];

export function colorBuffer() {
  return group('buffer', { summary: 'See and mend the colors that wait to be processed' })
    .addCommand(list())
    .addCommand(summary())
    .addCommand(set())
    .addCommand(repair())
    .addCommand(remove())
    .addCommand(restore());
}

function list() {
  return command('list', {
    summary: 'List the colors that wait, doubtful ones first',
    examples: [['tidewheel color buffer list --which doubtful', 'what a person should look at']],
  })
    .addOption(new Option('--which <state>', 'which of them').choices(bufferStates).default('free' as const))
    .option('--search <text>', 'in CUSIP, ISIN, ticker, issuer and dealer')
    .option('--upload <id>', 'only those of one upload')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { which, search, upload } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listColorBuffer, { query: { ...page, which, search, upload } }));
      printListing(context.print, listing, { columns, empty: 'No colors wait here.' });
    });
}

function summary() {
  return command('summary', {
    summary: 'Count what waits, and what is doubtful in it',
    examples: [['tidewheel color buffer summary', 'before the morning run']],
  }).action(async (options) => {
    const context = contextOf(options);
    const counted = await (await context.client()).call(summarizeColorBuffer);
    context.print.result(counted, () => {
      const { free, taken, removed, doubtful, duplicates } = counted;
      context.print.line(`${free} free (${doubtful} doubtful, ${duplicates} duplicates), ${taken} taken, ${removed} taken out`);
      for (const { field, why, rows, offered } of counted.repairs)
        context.print.line(`${rows} x ${field} ${why}${offered > 0 ? ` (${offered} can be repaired)` : ''}`);
    });
  });
}

function set() {
  return command('set', {
    summary: 'Change fields of a color that waits',
    examples: [['tidewheel color buffer set 019a… px=98-16+ bias=offer', 'read as in a file']],
  })
    .argument('<id>', 'of the color')
    .argument('<fields...>', 'field=value; an empty value clears the field')
    .action(async (id, given, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const fields = Object.fromEntries(given.map(fieldOf));
      const row = await findRow(id, async (cursor) => client.call(listColorBuffer, { query: { which: 'all', limit: 200, cursor } }));
      const changed = await client.call(updateWaitingColor, { params: { id }, body: { revision: row.revision, fields } });
      context.print.result(changed, () => context.print.table(columns, [changed]));
    });
}

async function findRow(id: string, page: (cursor: string | undefined) => Promise<{ items: WaitingColor[]; next: string | null }>): Promise<WaitingColor> {
  let cursor: string | undefined;
  for (;;) {
    const { items, next } = await page(cursor);
    const found = items.find((row) => row.id === id);
    if (found) return found;
    if (next === null) throw new NotFound('color.unknown', 'This color does not wait in the buffer.', { hint: 'Look at `tidewheel color buffer list`.' });
    cursor = next;
  }
}

function fieldOf(text: string): [ColorField, string] {
  const at = text.indexOf('=');
  const field = ColorField.safeParse(text.slice(0, at));
  if (at > 0 && field.success) return [field.data, text.slice(at + 1)];
  throw new InvalidInput('input.field', `${JSON.stringify(text)} is no field=value`, { hint: `Fields are ${ColorField.options.join(', ')}.` });
}

function repair() {
  return command('repair', {
    summary: 'Accept every repair that is offered for a field',
    examples: [['tidewheel color buffer repair cusip', 'leading zeros that the check digit proves, and the like']],
  })
    .addArgument(fieldArgument())
    .option('--why <text>', 'only doubts for this reason, as `buffer summary` has it')
    .action(async (field, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(repairWaitingColors, { body: { field: ColorField.parse(field), why: options.why } });
      context.print.result(done, () => context.print.line(`${done.changed} repaired`));
    });
}

function fieldArgument() {
  return new Argument('<field>', 'the field').choices(ColorField.options);
}

function remove() {
  return command('remove', {
    summary: 'Take colors out of the buffer',
    examples: [['tidewheel color buffer remove --duplicates', 'what says the same as an earlier one']],
  })
    .option('--id <id>', 'of a color; may be given several times', gather)
    .option('--duplicates', 'every free duplicate')
    .action(async (options) => {
      const context = contextOf(options);
      const body = { ids: options.id, ...(options.duplicates === true ? { duplicates: true as const } : {}) };
      const done = await (await context.client()).call(removeWaitingColors, { body });
      context.print.result(done, () => context.print.line(`${done.changed} taken out`));
    });
}

function restore() {
  return command('restore', { summary: 'Put colors back into the buffer', examples: [['tidewheel color buffer restore 019a…', 'one that was taken out']] })
    .argument('<ids...>', 'of the colors')
    .action(async (ids, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(restoreWaitingColors, { body: { ids } });
      context.print.result(done, () => context.print.line(`${done.changed} put back`));
    });
}
