import { InvalidInput } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { ruleSetOf } from './rule-set-file.ts';

export const colorKeep = defineStep({
  type: 'color.keep',
  version: 1,
  ui: { title: 'Keep colors', group: 'Colors', icon: 'archive', summary: 'into the colors of the desk' },
  description: `Keeps ranked colors as a processing of the desk: searched, shown with the reason of every row, counted on the dashboard. What the run took from the buffer is through with in the same
moment; if anything fails before, it stays in the buffer. The same run keeps them once, however often the step is tried. Takes the rows of a \`color.rank\` step, the excluded ones too.`,
  config: z.strictObject({}),
  inputs: { min: 1, max: 1, carries: 'table' },
  output: z.object({ processing: z.number().int(), taken: z.number().int(), excluded: z.number().int(), kept: z.number().int(), families: z.number().int() }),
  produces: 'value',
  effects: true,
  retry: { attempts: 4 },
  examples: [{ title: 'The colors of the morning', config: {} }],
  async run(_config, ctx) {
    const [input] = Object.values(ctx.inputs);
    if (!input?.table)
      throw new InvalidInput('step.no_table', `${input?.step ?? 'The step before'} made no table.`, { hint: 'Take `from` a color.rank step.' });
    const { table } = input;
    const rules = await ruleSetOf(ctx, input);
    const done = await ctx.colors.keep({ rules, rows: counted(ctx.tables.rows(table, { batch: 2_000 }), (rows) => ctx.progress({ rows, total: table.rows })) });
    ctx.log.info(`Processing ${done.processing}: ${done.kept} colors of ${done.families} securities kept, ${done.excluded} excluded.`);
    return { value: done, counts: { rowsIn: table.rows, rowsOut: null, dropped: 0, rejected: 0 } };
  },
});

async function* counted<T>(batches: AsyncIterable<T[]>, onRows: (total: number) => void): AsyncIterable<T[]> {
  let total = 0;
  for await (const batch of batches) {
    yield batch;
    total += batch.length;
    onRows(total);
  }
}
