import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIncoming } from '../readers/open-incoming.ts';
import { openText } from '../readers/text-file.ts';
import { syntheticColors } from '../synthetic/synthetic-colors.ts';
import { syntheticCsv, syntheticWorkbook, type WorkbookHabits } from '../synthetic/synthetic-files.ts';
import { zipBytes } from '../synthetic/zip-bytes.ts';
import { type ReadPlan, readColors } from './read-colors.ts';
import type { ReadColor, RefusedRow } from './row-colors.ts';

const colors = [...syntheticColors({ seed: 3, days: 1, perDay: 200 })];
const plan: ReadPlan = { columns: null, source: null, date: '2026-11-20' };
let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-colors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: Uint8Array | string, own: Partial<ReadPlan> = {}) {
  const file = path.join(folder, String(made++));
  await writeFile(file, content);
  const incoming = await openIncoming(file);
  const all = { rows: [] as ReadColor[], refused: [] as RefusedRow[], notes: [] as string[] };
  for await (const row of readColors(incoming, { ...plan, ...own })) 'color' in row ? all.rows.push(row.color) : all.refused.push(row.refused);
  all.notes = incoming.notes.texts();
  return all;
}
const workbook = (habits: WorkbookHabits) => read(syntheticWorkbook(colors, habits));
const expected = colors.map(({ date, ticker, maturity, dealer, bias, px, spread, size, rank }) => ({
  date,
  ticker,
  maturity,
  dealer,
  bias,
  px,
  spread,
  size,
  rank,
}));

describe('workbooks', () => {
  it.each<[string, WorkbookHabits, string[]]>([
    ['a plain one', {}, []],
    ['with lines above the header', { titles: ['Morning run (synthetic)', 'for internal use'] }, ['1 merged areas']],
    ['with dates from 1904', { from1904: true }, ['Its dates count from 1904.']],
    ['with prices as text', { textPrices: true }, []],
    ['with formulas', { formulas: 'kept' }, ['formulas count by the value that was kept']],
    ['with a hidden sheet', { hiddenSheet: true }, ['The sheet Old is hidden and was left out.']],
    ['with merged dealers', { mergedDealers: true }, ['merged areas']],
    ['with macros', { macros: true }, ['The macros of the workbook were not run']],
  ])('%s', async (_, habits, notes) => {
    const { rows, refused, notes: said } = await workbook(habits);
    expect(refused).toHaveLength(habits.titles?.length ?? 0);
    const dealers = habits.mergedDealers ? expected.map((row, at) => ({ ...row, dealer: expected[at - (at % 3)]?.dealer })) : expected;
    const tail = habits.mergedDealers ? 198 : 200;
    expect(rows.map(({ color }) => color).slice(0, tail)).toMatchObject(dealers.slice(0, tail));
    for (const note of notes) expect(said.join('\n')).toContain(note);
    expect(rows.every(({ color }) => color.more['Label'] === 'synthetic')).toBe(true);
  });

  it('with CUSIPs as numbers: nothing is guessed silently, and every repair offered is right', async () => {
    const { rows } = await workbook({ numericCusips: true });
    let repairs = 0;
    rows.forEach(({ color, doubts }, at) => {
      const right = colors[at]?.cusip ?? null;
      if (color.cusip !== null && right !== null) expect(color.cusip).toBe(right);
      if (doubts['cusip']?.repair === undefined) return;
      repairs += 1;
      expect(doubts['cusip'].repair).toBe(right);
    });
    expect(repairs).toBeGreaterThan(20);
  });

  it('with formulas that kept no value: the prices are empty, and it is said', async () => {
    const { rows, notes } = await workbook({ formulas: 'bare' });
    expect(rows.every(({ color }) => color.px === null)).toBe(true);
    expect(notes).toContain('200 formulas without a kept value are empty');
  });

  const fault = (content: Uint8Array | string) =>
    read(content).then(
      () => 'read',
      (thrown: { code?: string }) => thrown.code,
    );
  it('protected, old, bombs, damaged and foreign ones are refused plainly', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1_000)]);
    expect(await fault(old)).toBe('color.file_kind');
    expect(await fault(Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]))).toBe('color.file_protected');
    expect(await fault(zipBytes([{ name: 'xl/workbook.xml', content: Buffer.alloc(40 * 1024 ** 2) }]))).toBe('color.file_bomb');
    const whole = syntheticWorkbook(colors);
    expect(await fault(whole.subarray(0, whole.length - 100))).toBe('color.file_damaged');
    const flipped = Buffer.from(whole);
    flipped.fill(0, whole.length >> 1, (whole.length >> 1) + 200);
    expect(await fault(flipped)).toBe('color.file_damaged');
    expect(await fault(zipBytes([{ name: 'word/document.xml', content: 'x' }]))).toBe('color.file_damaged');
    expect(await fault('')).toBe('color.file_empty');
    expect(await fault(Buffer.from([1, 0, 2, 0, 0, 0]))).toBe('color.file_kind');
  });
});

describe('text', () => {
  it.each([
    [{ delimiter: ',' }],
    [{ delimiter: ';' }],
    [{ delimiter: '\t' }],
    [{ delimiter: ';', encoding: 'utf16le' }],
    [{ delimiter: ',', encoding: 'latin1' }],
  ] as const)('CSV %j', async (habits) => {
    const { rows, refused } = await read(syntheticCsv(colors, habits));
    expect(refused).toEqual([]);
    expect(rows.map(({ color }) => color)).toMatchObject(expected);
  });

  it('CUSIPs that became 1.23E+08 are marked, each with what stood there', async () => {
    const { rows } = await read(syntheticCsv(colors, { scientific: true }));
    const marked = rows.filter(({ doubts }) => doubts['cusip'] !== undefined);
    expect(marked.length).toBeGreaterThan(5);
    expect(marked.every(({ color, doubts }) => color.cusip === null && /E\+/.test(doubts['cusip']?.was ?? ''))).toBe(true);
  });

  it('two sides in a row are two colors; rows without a bond are refused with their line', async () => {
    const { rows, refused } = await read('Ticker,Cpn,Bid,Ask,Bid Size,Ask Size\nXYZ,4.5,98-5,98-9,5,10\n\nTotal,,,,5,\n,,98,99,1,1\n');
    expect(rows.map(({ color: { ticker, bias, px, size } }) => [ticker, bias, px, size])).toEqual([
      ['XYZ', 'bid', 98.15625, 5],
      ['XYZ', 'offer', 98.28125, 10],
      ['Total', null, null, null],
    ]);
    expect(refused).toMatchObject([{ line: 5, why: expect.stringContaining('names no bond') }]);
  });

  it('a run of lines, with who speaks above them', async () => {
    const incoming = openText('Dealer: ALDR\nDate: 11/19/2026\nXYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120\nhave a good day\nABC 6 30 T+145/140');
    const rows = await Array.fromAsync(readColors(incoming, plan));
    expect(
      rows.map((row) => ('color' in row ? [row.color.color.ticker, row.color.color.dealer, row.color.color.date, row.color.color.bias] : row.refused.line)),
    ).toEqual([
      ['XYZ', 'ALDR', '2026-11-19', 'bid'],
      ['XYZ', 'ALDR', '2026-11-19', 'offer'],
      4,
      ['ABC', 'ALDR', '2026-11-19', 'bid'],
      ['ABC', 'ALDR', '2026-11-19', 'offer'],
    ]);
  });

  it('a configuration wins over what is suggested, and fixed values fill what is empty', async () => {
    const columns = {
      fields: { cusip: 'A', px: 'B', bias: 'C' },
      bid: {},
      offer: {},
      fixed: { dealer: 'ALDR', bias: 'talk' },
      headerLine: null,
      sheet: '',
      dates: 'auto',
      decimals: 'comma',
      prices: 'decimal',
      sizes: 'millions',
      others: 'keep',
    } as const;
    const { rows } = await read('A;B;C;D\n037833100;98,125;;x\n037833100;99,5;bid;y\n', { columns, source: 'own' });
    expect(rows.map(({ color }) => color)).toMatchObject([
      { cusip: '037833100', px: 98.125, bias: 'talk', dealer: 'ALDR', source: 'own', more: { D: 'x' } },
      { px: 99.5, bias: 'bid' },
    ]);
  });
});
