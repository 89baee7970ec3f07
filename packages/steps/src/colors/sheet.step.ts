import { type ColorSheet, ColorSheetColumn } from '@tidewheel/contract/color-sheet';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef, TableRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { storedFile, template } from '@tidewheel/kit/fields';
import type { StepContext, StepInput } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { checkFileName } from '../files/input-files.ts';
import { mostRows } from '../reports/excel/sheet.ts';
import { writeWorkbook } from '../reports/excel/workbook.ts';
import { ruleSetOf } from './rule-set-file.ts';
import { csvLines, excelRows, sheetColumns, type Written } from './sheet-rows.ts';
import { templateColumns } from './sheet-template.ts';

const mediaTypes = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv' } as const;
const yesOrNo = (title: string, description: string) => z.enum(['desk', 'yes', 'no']).default('desk').meta({ title, description });

const Config = z.strictObject({
  fileName: template({ title: 'File name', description: 'Without its ending', examples: ['colors-{{ today }}'] }).default('colors-{{ today }}'),
  format: z.enum(['xlsx', 'csv']).default('xlsx').meta({ title: 'Format' }),
  title: template({ title: 'Title', description: 'A line above the header of the workbook' }).optional(),
  columns: z
    .array(ColorSheetColumn)
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Columns', description: 'In place of those of the desk, in this order', widget: 'json' }),
  template: storedFile({
    title: 'Template',
    description: 'An uploaded workbook whose header row decides about the columns, in place of what the desk says',
  }).optional(),
  outline: yesOrNo('Children fold', 'Away under their parent; desk: as its settings say'),
  excluded: yesOrNo('Excluded rows too', 'In a sheet or file of their own, with the rule; desk: as its settings say'),
});
type Config = z.output<typeof Config>;

export const colorSheet = defineStep({
  type: 'color.sheet',
  version: 1,
  ui: { title: 'Sheet of colors', group: 'Colors', icon: 'file-spreadsheet', summary: '{{fileName}}.{{format}}' },
  description: `Writes ranked colors as the sheet of the desk: an Excel workbook (typed cells, widths, a header that stays in sight, rows in their colours, children folded under their parent) or a CSV
file. Columns, their order, headers, widths and formats are those of the desk's settings, of a template that somebody uploaded, or the step's own.

Nothing is eaten: CUSIPs keep their zeros, what looks like a formula is text (in CSV with an apostrophe before it). A free column is called \`more.<its header>\`. The same rows give the same bytes.`,
  config: Config,
  output: z.object({ rows: z.number().int(), excluded: z.number().int(), columns: z.number().int() }),
  inputs: { min: 1, max: 1, carries: 'table' },
  produces: 'file',
  artifacts: true,
  examples: [
    { title: 'The sheet as the desk has it', config: {} },
    {
      title: 'A CSV of three columns, with what was excluded',
      config: { format: 'csv', columns: [{ column: 'cusip' }, { column: 'px', header: 'Price' }, { column: 'dealer' }], excluded: 'yes' },
    },
  ],
  check: ({ columns, template: own }) => (columns && own ? [{ path: 'template', message: 'cannot stand beside columns: one of them decides' }] : []),
  async run(config, ctx) {
    const [input] = Object.values(ctx.inputs);
    const table = rankedTable(input);
    const rules = await ruleSetOf(ctx, input as StepInput);
    const looks = await looksOf(config, ctx);
    const titles = new Map(rules.rules.map(({ id, title }) => [id, title]));
    const counted = { kept: 0, excluded: 0 };
    const written = (which: Written['which'], columns: Written['columns']): Written => ({
      ctx,
      table,
      which,
      columns,
      titles,
      onRows: (rows) => {
        counted[which] = rows;
        ctx.progress({ rows: counted.kept + counted.excluded, total: table.rows });
      },
    });
    const parts = [written('kept', looks.columns), ...(looks.excluded ? [written('excluded', withRule(looks.columns))] : [])];
    const files = config.format === 'csv' ? await csvFiles(config, { ctx, parts }) : [await workbook(config, { ctx, parts, outline: looks.outline })];
    ctx.log.info(`${files.map(({ name }) => name).join(', ')}: ${counted.kept} rows${looks.excluded ? `, ${counted.excluded} excluded` : ''}.`);
    return {
      files,
      value: { rows: counted.kept, excluded: counted.excluded, columns: looks.columns.length },
      counts: { rowsIn: table.rows, rowsOut: counted.kept + counted.excluded, dropped: table.rows - counted.kept - counted.excluded, rejected: 0 },
      metadata: { records: counted.kept },
    };
  },
});

function rankedTable(input: StepInput | undefined): TableRef {
  if (!input?.table) throw new InvalidInput('step.no_table', `${input?.step ?? 'The step before'} made no table.`, { hint: 'Take `from` a color.rank step.' });
  const names = new Set(input.table.columns.map(({ name }) => name));
  if (['excludedBy', 'position', 'child', 'color'].every((name) => names.has(name))) return input.table;
  throw new InvalidInput('color.not_ranked', `${input.step} did not rank its rows.`, { hint: 'Take `from` a color.rank step: it gives every row its place.' });
}

async function looksOf({ columns, template: own, outline, excluded }: Config, ctx: StepContext): Promise<Omit<ColorSheet, 'template'>> {
  const desk = await ctx.colors.sheet();
  const slug = own ?? (columns ? null : desk.template);
  return {
    columns: slug === null ? (columns ?? desk.columns) : await templateColumns(ctx, slug),
    outline: outline === 'desk' ? desk.outline : outline === 'yes',
    excluded: excluded === 'desk' ? desk.excluded : excluded === 'yes',
  };
}

/** Rows that were excluded say why first. */
function withRule(columns: readonly ColorSheetColumn[]): ColorSheetColumn[] {
  return [{ column: 'rule', header: 'Excluded by' }, ...columns.filter(({ column }) => column !== 'rule')];
}

async function workbook({ fileName, title }: Config, { ctx, parts, outline }: { ctx: StepContext; parts: Written[]; outline: boolean }): Promise<FileRef> {
  const name = checkFileName(`${fileName.replace(/\.xlsx$/i, '')}.xlsx`);
  const sheets = parts.map((part) => ({
    name: part.which === 'kept' ? 'Colors' : 'Excluded',
    title,
    columns: sheetColumns(part.columns),
    freezesHeader: true,
    hasFilter: part.table.rows < mostRows,
    hasLevels: outline && part.which === 'kept',
    rows: excelRows(part, outline && part.which === 'kept'),
  }));
  return ctx.files.put({ name, mediaType: mediaTypes.xlsx }, writeWorkbook({ sheets, title: name, createdAt: ctx.now }));
}

async function csvFiles({ fileName }: Config, { ctx, parts }: { ctx: StepContext; parts: Written[] }): Promise<FileRef[]> {
  const plain = fileName.replace(/\.csv$/i, '');
  const files: FileRef[] = [];
  for (const part of parts) {
    const name = checkFileName(`${plain}${part.which === 'kept' ? '' : '-excluded'}.csv`);
    files.push(await ctx.files.put({ name, mediaType: mediaTypes.csv }, csvLines(part)));
  }
  return files;
}
