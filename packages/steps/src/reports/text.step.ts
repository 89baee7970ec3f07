import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import type { Row, StepContext, StepInput } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { closedLiquid, liquidLimits } from './liquid-engine.ts';
import { renderLiquid } from './render-liquid.ts';

const Config = z.strictObject({
  template: z.string().min(1).max(liquidLimits.parseCharacters).meta({
    title: 'Template',
    description: 'Liquid: {{ today }}, {% for row in rows %}{{ row.isin }}{% endfor %}',
    field: 'liquid',
    widget: 'code',
    language: 'liquid',
  }),
  fileName: template({ title: 'File name', examples: ['summary-{{ today }}.txt'] }),
  mediaType: z.string().max(200).default('text/plain; charset=utf-8').meta({ title: 'Media type' }),
  maxRows: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100_000)
    .meta({ title: 'At most this many rows', description: 'Of all inputs together; they are held in memory.' }),
});

const description = `Fills a Liquid template and keeps the text as an artifact: cover letters, control files, fixed-form text.

\`rows\` are the rows of a single input, \`tables.<name>\` those of each named input; \`values.<name>\` the value of a step that made one. \`parameters\`, \`run\` (\`id\`, \`number\`, \`flow\`),
\`today\` and \`now\` are there too. Decimals come as text, so that nothing is lost; Liquid's arithmetic is floating-point: compute in a table step before.
The template can include no files and reach nothing else; an unknown name or filter is a fault. For rows of CSV or JSON, table.write is the better step.`;

export const textReport = defineStep({
  type: 'report.text',
  version: 1,
  ui: { title: 'Text from a template', group: 'Reports', icon: 'file-text', summary: '{{fileName}}' },
  description,
  config: Config,
  output: z.object({ characters: z.number() }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'file',
  artifacts: true,
  examples: [
    { title: 'A control file', config: { fileName: 'control-{{ today }}.txt', template: 'DATE {{ today }}\nRECORDS {{ rows.size }}\n' } },
    {
      title: 'One line per row',
      config: { fileName: 'list.txt', template: '{% for row in rows %}{{ row.isin | append: "            " | slice: 0, 12 }} {{ row.price }}\n{% endfor %}' },
    },
  ],
  check({ template: text }) {
    try {
      closedLiquid().parse(text);
      return [];
    } catch (thrown) {
      return [{ path: 'template', message: thrown instanceof Error ? thrown.message : String(thrown) }];
    }
  },
  async run({ template: text, fileName, mediaType, maxRows }, ctx) {
    const tables: Record<string, Row[]> = {};
    let left = maxRows;
    for (const [name, input] of Object.entries(ctx.inputs)) {
      if (!input.table) continue;
      const rows = await rowsOf(ctx, { input, limit: left, maxRows });
      left -= rows.length;
      tables[name] = rows;
    }
    const [only, ...others] = Object.values(tables);
    const values = Object.fromEntries(Object.entries(ctx.inputs).map(([name, input]) => [name, input.value ?? null]));
    const { id, number, flow } = ctx.run;
    const scope = {
      ...(only && others.length === 0 ? { rows: only } : {}),
      tables,
      values,
      parameters: ctx.parameters,
      run: { id, number, flow },
      today: ctx.today,
      now: ctx.now.toISOString(),
    };
    const rendered = await renderLiquid({ template: text, scope }, ctx.signal);
    if (rendered === '') throw new InvalidInput('report.empty', 'The template gives an empty text.', { hint: 'Say `when` on this step if that is normal.' });
    const rows = maxRows - left;
    return {
      files: [await ctx.files.put({ name: fileName, mediaType }, Buffer.from(rendered.toWellFormed()))],
      value: { characters: rendered.length },
      counts: Object.keys(tables).length > 0 ? { rowsIn: rows, rowsOut: rows, dropped: 0, rejected: 0 } : undefined,
      metadata: { rows },
    };
  },
});

async function rowsOf(ctx: StepContext, { input, limit, maxRows }: { input: StepInput; limit: number; maxRows: number }): Promise<Row[]> {
  if (!input.table) return [];
  if (input.table.rows > limit) {
    throw new TooLarge('report.rows', `The template would get more than ${maxRows} rows; ${input.step} alone gives ${input.table.rows}.`, {
      hint: 'Aggregate or limit the rows before, raise maxRows, or use table.write.',
    });
  }
  const rows: Row[] = [];
  for await (const batch of ctx.tables.rows(input.table)) rows.push(...batch);
  return rows;
}
