import { InvalidInput } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import type { StepContext, StepInput } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { checkFileName } from '../files/input-files.ts';
import { tableSheet } from './excel/table-sheet.ts';
import { type WorkbookSheet, writeWorkbook } from './excel/workbook.ts';

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const color = z
  .string()
  .regex(/^#?[0-9A-Fa-f]{6}$/, 'must be a colour like #FFD9D9')
  .transform((text) => text.replace('#', '').toUpperCase());

const Sheet = z.strictObject({
  from: z.string().min(1).max(64).optional().meta({ title: 'Input', description: 'Which one, by its name in `from`; the only one when left out' }),
  name: template({ title: 'Name of the sheet', description: 'At most 31 characters; that of the step when left out' }).optional(),
  title: template({ title: 'Title', description: 'A line above the header' }).optional(),
  only: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(16_384)
    .optional()
    .meta({ title: 'Columns', description: 'These alone, in this order; all when left out' }),
  columns: z
    .record(
      z.string(),
      z.strictObject({
        header: z.string().max(500).optional().meta({ title: 'Header' }),
        width: z.number().min(1).max(255).optional().meta({ title: 'Width (characters)' }),
        format: z
          .string()
          .min(1)
          .max(200)
          .refine((text) => !/\p{Cc}/u.test(text), 'must be one line')
          .optional()
          .meta({ title: 'Format', examples: ['#,##0.00'] }),
      }),
    )
    .default({})
    .meta({ title: 'Looks of columns' }),
  colors: z
    .strictObject({ column: z.string().min(1).max(200).meta({ title: 'Column' }), values: z.record(z.string(), color).meta({ title: 'Colours by value' }) })
    .optional()
    .meta({ title: 'Colours of rows', description: 'By what stands in a column: FAILED: "#FFD9D9"' }),
  levels: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Column of levels', description: 'Holds 0 to 7: rows of a higher level fold away under the one above them' }),
});

const Config = z.strictObject({
  fileName: template({ title: 'File name', examples: ['positions-{{ today }}.xlsx'] }),
  sheets: z.array(Sheet).max(100).optional().meta({ title: 'Sheets', description: 'In this order; one for each input when left out' }),
  freezeHeader: z.boolean().default(true).meta({ title: 'Header stays in sight' }),
  filter: z.boolean().default(true).meta({ title: 'Filter buttons' }),
  whenTooLong: z.enum(['split', 'refuse']).default('split').meta({ title: 'More than 1,048,576 rows', description: 'split: it goes on in another sheet.' }),
});
type Config = z.output<typeof Config>;

export const excelReport = defineStep({
  type: 'report.excel',
  version: 1,
  ui: { title: 'Excel workbook', group: 'Reports', icon: 'file-spreadsheet', summary: '{{fileName}}' },
  description: `Writes one or several tables as sheets of an Excel workbook (.xlsx) and keeps it as an artifact. Rows are in the table's own order; the same rows and the same run give the same bytes.

Nothing is eaten: text stays text (00123, 1E5, =1+1), a formula in the data is never one in the sheet, and numbers of more than 15 digits, which Excel would round, are text too. Dates are
dates (before March 1900 text, for Excel counts a day there that never was); instants are in UTC, for Excel knows no zones. Refuses texts over 32,767 characters, columns that are missing
and more than Excel has room for.`,
  config: Config,
  output: z.object({ rows: z.number(), sheets: z.number() }),
  inputs: { min: 1, max: null, carries: 'table' },
  produces: 'file',
  artifacts: true,
  examples: [
    { title: 'One table', config: { fileName: 'positions-{{ today }}.xlsx' } },
    {
      title: 'Disk space by host, the full ones in red',
      config: {
        fileName: 'disks-{{ today }}.xlsx',
        sheets: [
          {
            title: 'Disk space on {{ today }}',
            columns: { used_percent: { header: 'Used %', format: '0.0' } },
            colors: { column: 'state', values: { full: '#FFD9D9', soon: '#FFF2CC' } },
          },
        ],
      },
    },
  ],
  async run(config, ctx) {
    const name = checkFileName(/\.xlsx$/i.test(config.fileName) ? config.fileName : `${config.fileName}.xlsx`);
    const plans = config.sheets ?? Object.keys(ctx.inputs).map((from) => Sheet.parse({ from }));
    const total = plans.reduce((sum, { from }) => sum + (inputFor(ctx, from).table?.rows ?? 0), 0);
    const sheets: WorkbookSheet[] = [];
    let before = 0;
    for (const plan of plans) {
      const offset = before;
      sheets.push(await sheetOf(config, { ctx, plan, onRows: (rows) => ctx.progress({ rows: offset + rows, total }) }));
      before += inputFor(ctx, plan.from).table?.rows ?? 0;
    }
    const file = await ctx.files.put({ name, mediaType }, writeWorkbook({ sheets, title: name, createdAt: ctx.now }));
    ctx.log.info(`${name}: ${total} rows on ${sheets.length} sheet${sheets.length === 1 ? '' : 's'}, ${file.size} bytes.`);
    return {
      files: [file],
      value: { rows: total, sheets: sheets.length },
      counts: { rowsIn: total, rowsOut: total, dropped: 0, rejected: 0 },
      metadata: { records: total },
    };
  },
});

interface Plan {
  ctx: StepContext;
  plan: z.output<typeof Sheet>;
  onRows(rows: number): void;
}

async function sheetOf({ freezeHeader, filter, whenTooLong }: Config, { ctx, plan, onRows }: Plan): Promise<WorkbookSheet> {
  const { from, name, title, only, columns, colors, levels } = plan;
  const input = inputFor(ctx, from);
  if (!input.table) throw new InvalidInput('step.no_table', `${input.step} made no table.`, { hint: 'Take `from` a step that makes a table.' });
  const looks = { title, only, columns, colors, levels, freezesHeader: freezeHeader, hasFilter: filter };
  return tableSheet(ctx.tables, input.table, { ...looks, name: name ?? input.step, whenTooLong, onRows, signal: ctx.signal });
}

function inputFor({ inputs }: Pick<StepContext, 'inputs'>, from: string | undefined): StepInput {
  const names = Object.keys(inputs);
  const found = from === undefined ? (names.length === 1 ? inputs[names[0] as string] : undefined) : inputs[from];
  if (found) return found;
  throw new InvalidInput(
    'excel.input',
    from === undefined ? `There are ${names.length} inputs, and this sheet does not say which.` : `There is no input "${from}".`,
    {
      hint: `Name one of ${names.join(', ')} in \`from\` of the sheet.`,
    },
  );
}
