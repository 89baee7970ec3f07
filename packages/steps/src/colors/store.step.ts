import { InvalidInput } from '@tidewheel/contract/errors';
import type { TableRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { openStorage } from './storage/open-storage.ts';
import { storagePlace } from './storage/storage-fields.ts';

export const colorStore = defineStep({
  type: 'color.store',
  version: 1,
  ui: { title: 'Store colors elsewhere', group: 'Colors', icon: 'database-export', summary: 'in {{connection}}' },
  description: `Keeps colors outside of the desk, through one storage interface whose back end is that of the connection: JSON lines in a **folder** (for development) or a bucket of **S3**
(\`2026-11-20/<run>.jsonl\`, one object for each run), rows of a table in **Postgres** or **Oracle**. color.load reads them back.

A run is kept once: stored again, by another attempt or a repeated step, it stands in place of what it was, whole or not at all (a file by its rename, a table by one transaction). What is missing is made:
folders, the table, the bucket and, with \`keepDays\`, a rule of the bucket that clears old objects; what the keys may not or the store cannot do is said in the log. Takes any table with the columns of colors;
places and colours of a color.rank step go along, columns that no color has do not.`,
  config: z.strictObject({
    ...storagePlace,
    setup: z.boolean().default(true).meta({ title: 'Make what is missing', description: 'Folder, bucket and its rule, or table' }),
    keepDays: z.number().int().min(1).max(36_500).optional().meta({ title: 'Clear after (days)', description: 'Of buckets: a lifecycle rule for this path' }),
  }),
  inputs: { min: 1, max: 1, carries: 'table' },
  produces: 'value',
  output: z.object({ rows: z.number().int(), day: z.string(), processing: z.string(), where: z.string() }),
  effects: true,
  retry: { attempts: 4 },
  examples: [
    { title: 'As objects of a bucket, for seven years', config: { connection: 'archive', path: 'colors', keepDays: 2_557 } },
    { title: 'As rows of a table', config: { connection: 'warehouse', table: 'desk.colors' } },
  ],
  async run(config, ctx) {
    const table = colorsOf(ctx);
    const storage = await openStorage(ctx, config);
    if (config.setup) for (const text of await storage.setup()) ctx.log.info(text);
    const rows = ctx.tables.rows(table, { batch: 1_000 });
    const kept = await storage.keep({ id: ctx.run.id, day: ctx.today, rows, onRows: (done) => ctx.progress({ rows: done, total: table.rows }) });
    ctx.log.info(`${kept.rows} colors kept at ${kept.where}.`);
    return {
      value: { ...kept, day: ctx.today, processing: ctx.run.id },
      counts: { rowsIn: table.rows, rowsOut: kept.rows, dropped: 0, rejected: 0 },
    };
  },
  async dryRun({ connection }, ctx) {
    const table = colorsOf(ctx);
    ctx.log.info(`Dry run: would keep ${table.rows} colors in ${(await ctx.connection(connection)).slug}.`);
    return { value: { rows: 0, day: ctx.today, processing: ctx.run.id, where: '' } };
  },
});

function colorsOf({ inputs }: StepContext): TableRef {
  const [input] = Object.values(inputs);
  if (!input?.table)
    throw new InvalidInput('step.no_table', `${input?.step ?? 'The step before'} made no table.`, { hint: 'Take `from` a color.rank or color.take step.' });
  const names = input.table.columns.map(({ name }) => name);
  if (names.includes('date') && (names.includes('cusip') || names.includes('isin') || names.includes('ticker'))) return input.table;
  throw new InvalidInput('color.no_colors', `The rows of ${input.step} are no colors: they have no date, or neither cusip, isin nor ticker.`, {
    hint: 'Take `from` a color.rank or color.take step; other tables go to file.write, file.transfer or sql.execute.',
  });
}
