import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileRef } from '@tidewheel/contract/values';
import { type HarnessInput, type HarnessOptions, type HarnessOutcome, runStep } from '@tidewheel/kit/harness';
import type { Row } from '@tidewheel/kit/step-context';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excelValue, kindOf, textXml } from './excel/cell-values.ts';
import { columnLetters, type SheetRow, sheetName } from './excel/sheet.ts';
import { tableSheet } from './excel/table-sheet.ts';
import { writeWorkbook } from './excel/workbook.ts';
import { excelReport } from './excel.step.ts';

const table = (columns: Record<string, string>, rows: Iterable<unknown[]>): HarnessInput => {
  const names = Object.keys(columns);
  function* objects(): Generator<Row> {
    for (const row of rows) yield Object.fromEntries(row.map((value, index) => [names[index] as string, value]));
  }
  return { columns: Object.entries(columns).map(([name, type]) => ({ name, type })), rows: objects() };
};
const write = (config: object, inputs: Record<string, HarnessInput>, more: Partial<HarnessOptions> = {}) =>
  runStep(excelReport, { fileName: 'report', ...config } as never, { inputs, ...more });
const bytesOf = (outcome: HarnessOutcome) => outcome.content(outcome.result.files?.[0] as FileRef);
const sheetsOf = async (outcome: HarnessOutcome) => (await readXlsx(new Uint8Array(await bytesOf(outcome)))).sheets;

const kinds = {
  id: 'BIGINT',
  code: 'VARCHAR',
  price: 'DECIMAL(18,2)',
  ratio: 'DOUBLE',
  day: 'DATE',
  at: 'TIMESTAMP WITH TIME ZONE',
  ok: 'BOOLEAN',
  note: 'VARCHAR',
};
const evil = ['=1+1', '+1', '-1', '@x', '\tx', 'a\r\nb', '<b>&"', '_x0041_', 'nul\u0000bell\u0007', ' spaces ', '😀é', '1E5', 'TRUE', '2026-11-20'];
const rows = [
  ['9007199254740993', '00123', '1234567890123.50', 0.1, '2026-11-20', '2026-11-20T09:00:00.123456Z', true, evil[0]],
  ['42', '1E5', '12345678901234567.89', 'NaN', '1900-01-01', '0044-03-15T00:00:00Z', false, evil[1]],
  ...evil.slice(2).map((text) => [null, text, '0.10', 1e21, null, null, null, text]),
];

describe('report.excel', () => {
  it('eats nothing: codes, long numbers, dates, and what looks like a formula', async () => {
    await using outcome = await write({}, { input: table(kinds, rows) });
    expect(outcome.result).toMatchObject({ value: { rows: rows.length, sheets: 1 }, files: [{ name: 'report.xlsx' }] });
    const [sheet] = await sheetsOf(outcome);
    const [header, first, second, ...others] = sheet?.rows ?? [];
    expect(header).toEqual(Object.keys(kinds));
    expect(first?.[0]).toBe('9007199254740993');
    expect(first?.slice(1, 4)).toEqual(['00123', 1234567890123.5, 0.1]);
    expect((first?.[4] as unknown as Date | undefined)?.toISOString().slice(0, 10)).toBe('2026-11-20');
    expect(Math.abs(((first?.[5] as unknown as Date | undefined)?.getTime() ?? 0) - Date.parse('2026-11-20T09:00:00.123Z'))).toBeLessThan(2);
    expect(first?.slice(6)).toEqual([true, '=1+1']);
    expect(second?.slice(0, 5)).toEqual([42, '1E5', '12345678901234567.89', 'NaN', '1900-01-01']);
    expect(second?.[5]).toMatch(/^0044-03-15/);
    expect(others.map((row) => row[1])).toEqual(evil.slice(2));
    expect(others[0]?.[3]).toBe(1e21);
  });

  it('gives the same bytes for the same rows and clock, others for others', async () => {
    await using one = await write({}, { input: table(kinds, rows) });
    await using two = await write({}, { input: table(kinds, rows) });
    await using other = await write({}, { input: table(kinds, rows.slice(1)) });
    expect(one.result.files?.[0]?.sha256).toBe(two.result.files?.[0]?.sha256);
    expect(one.result.files?.[0]?.sha256).not.toBe(other.result.files?.[0]?.sha256);
  });

  it('says what does not fit', async () => {
    const input = () => table({ a: 'VARCHAR', level: 'INTEGER' }, [['x'.repeat(40_000), 9]]);
    await expect(write({}, { input: input() })).rejects.toMatchObject({ code: 'excel.text_too_long', message: expect.stringContaining('Row 2, column a') });
    await expect(write({ sheets: [{ only: ['b'] }] }, { input: input() })).rejects.toMatchObject({ code: 'report.column_missing' });
    await expect(write({ sheets: [{ only: ['level'], levels: 'level' }] }, { input: input() })).rejects.toMatchObject({ code: 'excel.level' });
    await expect(write({ sheets: [{ from: 'other' }] }, { input: input() })).rejects.toMatchObject({ code: 'excel.input' });
    await expect(write({ sheets: [{}] }, { one: input(), two: input() })).rejects.toMatchObject({ code: 'excel.input' });
    await expect(write({ fileName: '../x' }, { input: input() })).rejects.toMatchObject({ code: 'file.name' });
    await expect(write({ sheets: [{ colors: { column: 'a', values: { x: 'red' } } }] }, { input: input() })).rejects.toMatchObject({ code: 'step.config' });
    await expect(write({}, { input: { files: [] } })).rejects.toMatchObject({ code: 'step.no_table' });
  });

  const drain = async (names: string[], rows: Iterable<unknown[]>) => {
    async function* batches(): AsyncGenerator<SheetRow[]> {
      const batch: SheetRow[] = [];
      for (const row of rows) {
        batch.push({ cells: row.map((value) => excelValue(value, typeof value === 'string' && /^[0-9.]+$/.test(value) ? 'number' : 'text')) });
        if (batch.length === 1_000) yield batch.splice(0);
      }
      yield batch;
    }
    const columns = names.map((header) => ({ header, width: 10, look: {} }));
    const sheet = { name: 'Rows', columns, freezesHeader: true, hasFilter: true, hasLevels: false, rows: batches() };
    let bytes = 0;
    const tail: Uint8Array[] = [];
    let most = 0;
    for await (const chunk of writeWorkbook({ sheets: [sheet], title: 'x', createdAt: new Date(0) })) {
      bytes += chunk.byteLength;
      most = Math.max(most, process.memoryUsage().rss);
      tail.push(chunk);
      if (tail.length > 20) tail.shift();
    }
    return { bytes, most, tail: Buffer.concat(tail).toString('latin1') };
  };

  it('writes 200,000 rows of 20 columns with little memory', async () => {
    const before = process.memoryUsage().rss;
    function* many() {
      for (let n = 0; n < 200_000; n++) yield Array.from({ length: 20 }, (_, index) => (index % 2 ? `${n}.${index}` : `text ${n} ${index}`));
    }
    const { bytes, most } = await drain(
      Array.from({ length: 20 }, (_, index) => `c${index}`),
      many(),
    );
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(most - before).toBeLessThan(250_000_000);
  });

  it('goes on in another sheet where Excel has no more room, or refuses', async () => {
    function* long() {
      for (let n = 0; n < 1_048_576; n++) yield ['7'];
    }
    const { tail } = await drain(['n'], long());
    expect(tail.match(/xl\/worksheets\/sheet\d\.xml/g)?.at(-1)).toBe('xl/worksheets/sheet2.xml');
    const few = { name: 'x', columns: {}, freezesHeader: true, hasFilter: true, onRows: () => {}, signal: new AbortController().signal };
    const tables = { rows: () => (async function* () {})(), preview: async () => ({ columns: [], rows: [], truncated: false }) };
    const much = { kind: 'table', sha256: '', bytes: 0, rows: 1_048_576, columns: [{ name: 'n', type: 'INTEGER' }] } as const;
    await expect(tableSheet(tables, { ...much, columns: [...much.columns] }, { ...few, whenTooLong: 'refuse' })).rejects.toMatchObject({
      code: 'excel.too_many_rows',
    });
  });

  it('turns any text into XML that gives it back, and any name into one that Excel takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const xml = textXml(text, () => '');
        expect(xml).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        const back = xml
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
          .replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
        expect(back).toBe(text.toWellFormed());
        const name = sheetName(text, new Set(['sheet']));
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(31);
        expect(name).not.toMatch(/[\\/?*[\]:]/);
      }),
    );
    expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
    expect(sheetName('History', new Set())).toBe('History_');
    expect(sheetName('a'.repeat(40), new Set(['a'.repeat(31)]))).toBe(`${'a'.repeat(27)} (2)`);
  });

  it('keeps every decimal of up to 15 digits as it is, and longer ones as text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }), (whole, scale) => {
        const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
        const text = `${whole < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
        const value = excelValue(text, 'number');
        if (value.kind === 'number') expect(Number(Number(value.text).toPrecision(15))).toBe(Number(text));
        expect(value).toMatchObject({ text });
      }),
    );
    expect(['BIGINT', 'DECIMAL(18,2)', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS', 'DATE', 'INTEGER[]', 'STRUCT(a INTEGER)', 'TIME'].map(kindOf)).toEqual([
      'number',
      'number',
      'instant',
      'instant',
      'date',
      'text',
      'text',
      'time',
    ]);
  });
});

const python = '/usr/bin/python3';
const openpyxlMissing = existsSync(python) && existsSync('/usr/lib/python3/dist-packages/openpyxl') ? undefined : 'python3-openpyxl is not installed';

describe.skipIf(openpyxlMissing !== undefined)(`the workbook in openpyxl${openpyxlMissing ? ` (skipped: ${openpyxlMissing})` : ''}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tw-excel-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has the sheets, titles, formats, colours, filters, levels and types that were asked for', async () => {
    const hosts = { host: 'VARCHAR', disk: 'VARCHAR', used: 'DECIMAL(5,2)', state: 'VARCHAR', depth: 'INTEGER' };
    const disks = [
      ['web-1', null, '91.50', 'full', 0],
      ['web-1', '/var', '97.25', 'full', 1],
      ['web-2', null, '10.00', 'fine', 0],
    ];
    await using outcome = await write(
      {
        fileName: 'disks.xlsx',
        sheets: [
          {
            from: 'disks',
            name: 'Disk: "use"',
            title: '=Disks',
            only: ['host', 'disk', 'used', 'state'],
            columns: { used: { header: 'Used %', format: '0.0', width: 12 } },
            colors: { column: 'state', values: { full: '#ffd9d9' } },
            levels: 'depth',
          },
          { from: 'all', name: 'Disk: "use"' },
        ],
      },
      { disks: table(hosts, disks), all: table(kinds, rows) },
    );
    const file = path.join(folder, 'disks.xlsx');
    await writeFile(file, await bytesOf(outcome));
    const script = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
one, two = book.worksheets
print(json.dumps({
  'names': book.sheetnames, 'created': str(book.properties.created), 'title': one['A1'].value, 'titleType': one['A1'].data_type, 'merged': [str(r) for r in one.merged_cells.ranges],
  'header': [c.value for c in one[2]], 'bold': one['A2'].font.b, 'freeze': one.freeze_panes, 'filter': one.auto_filter.ref, 'widths': [round(one.column_dimensions[c].width) for c in 'ABCD'],
  'row': [c.value for c in one[3]], 'format': one['C3'].number_format, 'fill': one['A3'].fill.fgColor.rgb, 'emptyFill': one['B3'].fill.fgColor.rgb, 'plain': one['A5'].fill.fill_type,
  'levels': [one.row_dimensions[n].outline_level for n in (3, 4, 5)], 'summaryBelow': one.sheet_properties.outlinePr.summaryBelow,
  'types': [c.data_type for c in two[2]], 'day': str(two['E2'].value), 'at': str(two['F2'].value), 'dayFormat': two['E2'].number_format, 'formula': [two['H2'].data_type, two['H2'].value, two['H2'].quotePrefix],
  'notes': [row[7].value for row in two.iter_rows(min_row=4)], 'price': two['C2'].value, 'freeze2': two.freeze_panes }))`;
    const read = JSON.parse(execFileSync(python, ['-c', script, file]).toString());
    expect(read).toMatchObject({
      names: ['Disk  "use"', 'Disk  "use" (2)'],
      created: '2026-11-18 18:00:00',
      title: '=Disks',
      titleType: 's',
      merged: ['A1:D1'],
      header: ['host', 'disk', 'Used %', 'state'],
      bold: true,
      freeze: 'A3',
      filter: 'A2:D5',
      row: ['web-1', null, 91.5, 'full'],
      format: '0.0',
      fill: 'FFFFD9D9',
      emptyFill: 'FFFFD9D9',
      plain: null,
      levels: [0, 1, 0],
      summaryBelow: false,
      types: ['s', 's', 'n', 'n', 'd', 'd', 'b', 's'],
      day: '2026-11-20 00:00:00',
      dayFormat: 'yyyy-mm-dd',
      formula: ['s', '=1+1', true],
      price: 1234567890123.5,
      freeze2: 'A2',
    });
    expect(read.widths[2]).toBe(12);
    expect(read.at).toMatch(/^2026-11-20 09:00:00\.12/);
    // openpyxl leaves what XML cannot hold in the form in which Excel reads it.
    expect(read.notes.slice(0, 5)).toEqual(evil.slice(2, 7).map((text) => text.replace('\r', '_x000D_')));
  });
});
