import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { type ColorSheet, defaultColorSheet } from '@tidewheel/contract/color-sheet';
import type { FileRef } from '@tidewheel/contract/values';
import { type HarnessOptions, type HarnessOutcome, runStep } from '@tidewheel/kit/harness';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { colorSheet } from './sheet.step.ts';

const old = '019a0000-0000-7000-8000-00000000000a';
const rules = {
  rules: [{ id: old, kind: 'exclude', title: 'Old', condition: { field: 'px', operator: 'less', value: 1 }, color: null, revision: 1 }],
  order: defaultColorOrder,
};
const columns = Object.entries({
  date: 'DATE',
  cusip: 'VARCHAR',
  issuer: 'VARCHAR',
  px: 'DECIMAL(18,6)',
  rank: 'INTEGER',
  more: 'VARCHAR',
  excludedBy: 'VARCHAR',
})
  .concat(Object.entries({ position: 'INTEGER', family: 'INTEGER', child: 'INTEGER', color: 'VARCHAR', colorBy: 'VARCHAR' }))
  .map(([name, type]) => ({ name, type }));
const row = (cusip: string, issuer: string, more: object) => ({
  date: '2026-11-20',
  cusip,
  issuer,
  px: '98.500000',
  rank: 1,
  more: '{"Desk note":"=A1"}',
  ...more,
});
const rows = [
  row('000361105', '=HYPERLINK("http://x")', { position: 1, family: 1, child: 0, color: 'red' }),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((child) => row('000361105', 'Example, Inc', { position: child + 1, family: 1, child })),
  row('17275R102', 'Gone', { excludedBy: old }),
];
const write = (config: object, more: Partial<HarnessOptions> & { sheet?: Partial<ColorSheet> } = {}) => {
  const inputs = { input: { columns, rows, files: [{ name: 'color-rules.json', content: JSON.stringify(rules) }] } };
  return runStep(colorSheet, { fileName: 'colors', ...config } as never, {
    inputs,
    colors: { sheet: async () => ({ ...defaultColorSheet, ...more.sheet }) },
    ...more,
  });
};
const bytesOf = async (outcome: HarnessOutcome, at = 0) => new Uint8Array(await outcome.content(outcome.result.files?.[at] as FileRef));

test('writes the columns of the desk with types, colours and folded children; nothing is eaten', async () => {
  const sheet = {
    columns: [{ column: 'cusip', header: 'Bond', width: 14 }, { column: 'date' }, { column: 'issuer' }, { column: 'px' }, { column: 'more.Desk note' }],
  };
  await using outcome = await write({}, { sheet });
  expect(outcome.result).toMatchObject({ value: { rows: 10, excluded: 0, columns: 5 }, files: [{ name: 'colors.xlsx' }] });
  const { sheets } = await readXlsx(await bytesOf(outcome), { readStyles: true });
  expect(sheets.map(({ name }) => name)).toEqual(['Colors']);
  const [found] = sheets;
  expect(found?.rows[0]).toEqual(['Bond', 'Date', 'Issuer', 'PX', 'Desk note']);
  expect(found?.rows[1]?.[0]).toBe('000361105');
  expect(JSON.stringify(found?.rows[1]?.[1]).slice(1, 11)).toBe('2026-11-20');
  expect(found?.rows[1]?.slice(2)).toEqual(['=HYPERLINK("http://x")', 98.5, '=A1']);
  expect(found?.columns?.[0]?.width).toBe(14);
  expect(found?.freezePane?.rows).toBe(1);
  expect(JSON.stringify(found?.cells?.get('1,0')?.style?.fill)).toContain('F8CBCB');
  expect([1, 2, 10].map((at) => found?.rowDefs?.get(at)?.outlineLevel ?? 0)).toEqual([0, 1, 1]);
  expect([...(found?.cells?.values() ?? [])].filter((cell) => cell.formula !== undefined)).toEqual([]);
});

test('puts excluded rows into a sheet of their own, with the rule', async () => {
  await using outcome = await write({ columns: [{ column: 'cusip' }, { column: 'rule' }], excluded: 'yes', outline: 'no' });
  const { sheets } = await readXlsx(await bytesOf(outcome));
  expect(sheets.map(({ name }) => name)).toEqual(['Colors', 'Excluded']);
  expect(sheets[1]?.rows).toEqual([
    ['Excluded by', 'CUSIP'],
    ['Old', '17275R102'],
  ]);
});

test('writes CSV: zeros stay, a formula is text, excluded rows have a file', async () => {
  await using outcome = await write({ format: 'csv', columns: [{ column: 'cusip' }, { column: 'issuer' }, { column: 'px' }], excluded: 'yes' });
  expect(outcome.result.files?.map(({ name }) => name)).toEqual(['colors.csv', 'colors-excluded.csv']);
  const text = Buffer.from(await bytesOf(outcome)).toString();
  expect(text.split('\r\n').slice(0, 3)).toEqual(['\ufeffCUSIP,Issuer,PX', '000361105,"\'=HYPERLINK(""http://x"")",98.5', '000361105,"Example, Inc",98.5']);
  expect(Buffer.from(await bytesOf(outcome, 1)).toString()).toBe('\ufeffExcluded by,CUSIP,Issuer,PX\r\nOld,17275R102,Gone,98.5\r\n');
});

const book = (lines: string[][], widths: number[] = []) => writeXlsx({ sheets: [{ name: 'Form', rows: lines, columns: widths.map((width) => ({ width })) }] });

test('follows the header row of a template: order, names and widths; a name that no field has is a free column', async () => {
  const content = await book([['Sheet of the desk'], ['Price', 'Cusip', 'Desk note']], [20, 16, 30]);
  await using outcome = await write({}, { sheet: { template: 'form' }, uploads: { form: { name: 'form.xlsx', content } } });
  const { sheets } = await readXlsx(await bytesOf(outcome), { readStyles: true });
  expect(sheets[0]?.rows.slice(0, 2)).toEqual([
    ['Price', 'Cusip', 'Desk note'],
    [98.5, '000361105', '=A1'],
  ]);
  expect(sheets[0]?.columns?.map(({ width }) => width)).toEqual([20, 16, 30]);
});

test.each([
  ['no header row', () => book([['Hello', 'World']]), 'has no header row'],
  ['a column twice', () => book([['Price', 'PX', 'CUSIP']]), 'names PX twice'],
  ['no workbook', async () => Buffer.from('hello'), 'is no workbook that can be read'],
  ['a password', async () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(64)]), 'protected by a password'],
  ['too much', async () => Buffer.alloc(600 * 1024), 'at most 512'],
])('refuses a template with %s in plain words', async (_what, made, message) => {
  const uploads = { form: { name: 'form.xlsx', content: await made() } };
  await expect(write({ template: 'form' }, { uploads })).rejects.toMatchObject({ code: 'color.template', message: expect.stringContaining(message) });
});

test('refuses what was not ranked', async () => {
  await expect(runStep(colorSheet, {}, { inputs: { input: { rows: [{ cusip: 'x' }] } } })).rejects.toMatchObject({ code: 'color.not_ranked' });
});
