import { InvalidInput } from '@tidewheel/contract/errors';
import { slugForm, slugRule } from '@tidewheel/contract/slug';
import type { FileRef, TableRef } from '@tidewheel/contract/values';
import type { CollectedColors } from '@tidewheel/kit/color-desk';
import { defineStep } from '@tidewheel/kit/define-step';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';

export const colorCollect = defineStep({
  type: 'color.collect',
  version: 1,
  ui: { title: 'Collect colors', group: 'Colors', icon: 'inbox', summary: 'into the buffer {{source}}' },
  description: `Brings colors to the desk: each file of the step before, or its table, becomes one upload whose rows wait in the buffer until a processing takes them.

Files are Excel workbooks (.xlsx), CSV of any delimiter and encoding, or lines of a dealer's run. Which column feeds which field says the **source**; without one, the source whose columns
fit is taken, else they are told from the headers. What is not sure is marked for a person; what names no bond is refused with its line. A file whose content came before is passed over.
The same run collects each content once, however often the step is tried.`,
  config: z.strictObject({
    source: z
      .string()
      .regex(slugForm, slugRule)
      .optional()
      .meta({ title: 'Source', description: 'Slug of the column configuration', examples: ['morning-runs'] }),
    sameContent: z.enum(['pass', 'read']).default('pass').meta({ title: 'When the same content came before' }),
    whenNothing: z.enum(['fail', 'go on']).default('go on').meta({ title: 'When no row was read' }),
  }),
  inputs: { min: 1, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({
    rows: z.number().int(),
    doubtful: z.number().int(),
    duplicates: z.number().int(),
    refused: z.number().int(),
    uploads: z.array(z.object({ title: z.string(), upload: z.string(), rows: z.number().int(), refused: z.number().int(), passed: z.boolean() })),
  }),
  effects: true,
  retry: { attempts: 4 },
  examples: [
    { title: 'What dealers sent this morning', config: {} },
    { title: 'Rows of a database by the columns of a source', config: { source: 'axes' } },
  ],
  async run(config, ctx) {
    const incoming = incomingOf(ctx);
    const value = {
      rows: 0,
      doubtful: 0,
      duplicates: 0,
      refused: 0,
      uploads: [] as { title: string; upload: string; rows: number; refused: number; passed: boolean }[],
    };
    for (const { from, title } of incoming) {
      ctx.signal.throwIfAborted();
      const made = await ctx.colors.collect({ from, title, source: config.source ?? null, date: ctx.today, again: config.sameContent === 'read' });
      ctx.log.info(said(title, made));
      for (const key of ['rows', 'doubtful', 'duplicates', 'refused'] as const) value[key] += made[key];
      if (value.uploads.length < 200) value.uploads.push({ title, upload: made.upload, rows: made.rows, refused: made.refused, passed: made.sameAs !== null });
      ctx.progress({ items: value.uploads.length, total: incoming.length });
    }
    if (value.rows === 0 && config.whenNothing === 'fail')
      throw new InvalidInput('color.nothing_collected', 'No color was read.', { hint: 'Look at the uploads: each says which rows it refused and why.' });
    return { value };
  },
});

function incomingOf({ inputs }: StepContext): { from: FileRef | TableRef; title: string }[] {
  const all = Object.values(inputs).flatMap(({ step, table, files }) => [
    ...(table ? [{ from: table, title: step }] : []),
    ...files.map((from) => ({ from, title: from.name })),
  ]);
  if (all.length > 0) return all;
  throw new InvalidInput('color.nothing_to_collect', 'The step before handed on neither a file nor a table.', {
    hint: 'Take `from` a step that reads files or rows.',
  });
}

function said(title: string, { rows, doubtful, duplicates, refused, sameAs }: CollectedColors): string {
  if (sameAs !== null) return `${title}: the same content came before as ${sameAs}; it was passed over.`;
  return `${title}: ${rows} colors, ${doubtful} doubtful, ${duplicates} duplicates; ${refused} rows refused.`;
}
