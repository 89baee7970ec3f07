// What arrives from outside is often broken: each kind is either kept aside row by row or refused with a message that says what and where.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { read, step, type TableHarness, tableHarness, textOf, write } from './testing/table-harness.ts';

let tables: TableHarness;
beforeAll(async () => {
  tables = await tableHarness();
});
afterAll(() => tables.close());

const readAll = async (file: string, node: Parameters<typeof read>[2] = {}) => {
  const result = await tables.run([read('raw', file, node, true)]);
  const { counts, table, rejected } = result.nodes.raw ?? {};
  return { counts, rows: await tables.rows(table?.path), rejected: await tables.rows(rejected?.path), columns: table?.columns };
};

describe('CSV', () => {
  test('ragged lines and values that do not fit are kept with line, text and reason', async () => {
    const file = await tables.file('ragged.csv', 'id,price,day\n1,2.5,2026-01-01\n2,abc,2026-01-02\n3,4\n4,5,2026-01-04,extra\n5,6.25,2026-01-05\n');
    const { counts, rows, rejected } = await readAll(file, { csv: { types: { price: 'DECIMAL(18,2)', day: 'DATE', id: 'INTEGER' } } });
    expect(counts).toEqual({ rowsIn: 5, rowsOut: 2, dropped: 0, rejected: 3 });
    expect(rows).toEqual([
      { id: 1, price: '2.50', day: '2026-01-01' },
      { id: 5, price: '6.25', day: '2026-01-05' },
    ]);
    expect(rejected.map((row) => [row._line, row._raw, row._step])).toEqual([
      ['3', '2,abc,2026-01-02', 'raw'],
      ['4', '3,4', 'raw'],
      ['5', '4,5,2026-01-04,extra', 'raw'],
    ]);
    expect(rejected[0]?._reason).toMatch(/price.*Could not convert string "abc" to 'DECIMAL'/);
    expect(rejected[1]?._reason).toMatch(/too few columns/);
    expect(rejected[2]?._reason).toMatch(/too many columns/);
  });

  test('with fail the first bad line stops the step and is named', async () => {
    const file = await tables.file('fail.csv', 'id,n\n1,2\n2,x\n3,y\n');
    await expect(readAll(file, { onRowError: 'fail', csv: { types: { n: 'INTEGER' } } })).rejects.toMatchObject({
      code: 'table.row_error',
      message: expect.stringMatching(/Step raw: 2 lines cannot be read; the first is line 3: .*"x"/),
      details: { step: 'raw', rows: 2 },
    });
  });

  test('quotes, delimiters and line ends inside values survive a round trip', async () => {
    const file = await tables.file('quoted.csv', 'id,note\n1,"a, ""b""\nsecond line"\n2,\n3,""\n');
    const result = await tables.run([read('raw', file), write('out', 'raw', 'out.csv', { csv: { newline: 'crlf' } })]);
    expect(await textOf(result, 'out')).toBe('id,note\r\n1,"a, ""b""\nsecond line"\r\n2,\r\n3,\r\n');
  });

  test.each([
    ['semicolon', 'a;b\n1;2\n'],
    ['tab', 'a\tb\n1\t2\n'],
    ['pipe', 'a|b\n1|2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['byte order mark', '\uFEFFa,b\n1,2\n'],
    ['no line end', 'a,b\n1,2'],
  ])('%s', async (name, content) => {
    const { rows } = await readAll(await tables.file(`${name.replaceAll(' ', '-')}.csv`, content));
    expect(rows).toEqual([{ a: '1', b: '2' }]);
  });

  test('codes keep their leading zeros', async () => {
    const { rows } = await readAll(await tables.file('zeros.csv', 'code,n\n00123,1\n45,2\n'));
    expect(rows).toEqual([
      { code: '00123', n: '1' },
      { code: '45', n: '2' },
    ]);
  });

  test.each([
    ['latin-1', Buffer.from('name\nJürgen\n', 'latin1'), 'Jürgen'],
    ['windows-1252', Buffer.from([...Buffer.from('name\n'), 0x80, 0x0a]), '€'],
    ['utf-16le', Buffer.from('name\nJürgen\n', 'utf16le'), 'Jürgen'],
    ['shift_jis', Buffer.from([...Buffer.from('name\n'), 0x93, 0xfa, 0x0a]), '日'],
  ])('encoding %s', async (encoding, bytes, expected) => {
    const { rows } = await readAll(await tables.file(`enc-${encoding}.csv`, bytes), { csv: { encoding } });
    expect(rows).toEqual([{ name: expected }]);
  });

  test('UTF-16 with its byte order mark needs no telling', async () => {
    const { rows } = await readAll(await tables.file('bom16.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name\nJürgen\n', 'utf16le')])));
    expect(rows).toEqual([{ name: 'Jürgen' }]);
  });

  test('bytes that are no UTF-8 lose no other line', async () => {
    const file = await tables.file('invalid.csv', Buffer.concat([Buffer.from('id,name\n1,Ann\n2,'), Buffer.from([0xfc, 0xff]), Buffer.from('\n3,Bob\n')]));
    const { rows, rejected, counts } = await readAll(file);
    expect(rows.map((row) => row.name)).toEqual(['Ann', 'Bob']);
    expect(counts?.rejected).toBe(1);
    expect(rejected[0]).toMatchObject({ _line: '3', _reason: 'not valid UTF-8' });
  });

  test('an unknown encoding is named', async () => {
    await expect(readAll(await tables.file('x.csv', 'a\n1\n'), { csv: { encoding: 'klingon' } })).rejects.toMatchObject({ code: 'table.encoding_unknown' });
  });

  test('empty and missing files', async () => {
    await expect(readAll(await tables.file('empty.csv', ''))).rejects.toMatchObject({ code: 'table.file_empty', details: { step: 'raw' } });
    await expect(readAll(path.join(tables.folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'table.file_missing', details: { step: 'raw' } });
    const { counts, columns } = await readAll(await tables.file('header.csv', 'a,b\n'));
    expect(counts).toEqual({ rowsIn: 0, rowsOut: 0, dropped: 0, rejected: 0 });
    expect(columns?.map((column) => column.name)).toEqual(['a', 'b']);
  });

  test('a header with one name twice keeps both columns', async () => {
    const { rows } = await readAll(await tables.file('twice.csv', 'a,a,A\n1,2,3\n'));
    expect(Object.values(rows[0] ?? {})).toEqual(['1', '2', '3']);
  });

  test('a declared type for a column that is not there', async () => {
    await expect(readAll(await tables.file('cols.csv', 'price,n\n1,2\n'), { csv: { types: { prise: 'DOUBLE' } } })).rejects.toMatchObject({
      code: 'table.unknown_column',
      hint: expect.stringContaining('Did you mean "price"?'),
    });
  });

  test.each([64, 1_024])('a line of %i MB is refused and the engine lives on', async (megabytes) => {
    const target = path.join(tables.folder, `long-${megabytes}.csv`);
    const handle = openSync(target, 'w');
    writeSync(handle, 'id,name\n1,Ann\n2,');
    // The rest is one line of U+0000, sparse on disk.
    ftruncateSync(handle, megabytes * 1024 * 1024);
    closeSync(handle);
    const outcome = await readAll(target).catch((error: unknown) => error);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^table\.(line_too_long|memory|invalid)/), details: { step: 'raw' } });
    else expect(outcome).toMatchObject({ counts: { rowsOut: 1, rejected: 1 } });
    expect(tables.engine.processIds()).toHaveLength(1);
    expect((await readAll(await tables.file('after.csv', 'a\n1\n'))).rows).toEqual([{ a: '1' }]);
  });

  test('a first line without end', async () => {
    await expect(readAll(await tables.file('noend.csv', 'x'.repeat(3_000_000)))).rejects.toMatchObject({ code: 'table.line_too_long' });
  });
});

describe('JSON', () => {
  test('an array and lines', async () => {
    expect((await readAll(await tables.file('a.json', '[{"a":1,"b":"x"},{"a":2}]'))).rows).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: null },
    ]);
    expect((await readAll(await tables.file('l.json', '{"a":1}\n{"a":2}\n'))).rows).toEqual([{ a: '1' }, { a: '2' }]);
  });

  test('lines that are no JSON are kept aside', async () => {
    const { rows, rejected, counts } = await readAll(await tables.file('bad.json', '{"a":1}\n{"a":\n[1]\n{"a":2}\n'));
    expect(rows).toEqual([{ a: '1' }, { a: '2' }]);
    expect(counts).toEqual({ rowsIn: 4, rowsOut: 2, dropped: 0, rejected: 2 });
    expect(rejected.map((row) => [row._line, row._reason])).toEqual([
      ['2', 'not valid JSON'],
      ['3', 'not a JSON object'],
    ]);
  });

  test('a broken array is refused', async () => {
    await expect(readAll(await tables.file('broken.json', '[{"a":1},{"a":'))).rejects.toMatchObject({
      code: expect.stringMatching(/^table\./),
      status: 400,
      details: { step: 'raw' },
    });
  });
});

describe('Parquet', () => {
  test('cut in half, rubbish, empty', async () => {
    const source = await tables.file('source.csv', `a,b\n${Array.from({ length: 5_000 }, (_, i) => `${i},text ${i}`).join('\n')}\n`);
    const made = await tables.run([read('raw', source, {}, true)]);
    const whole = await readFile(made.nodes.raw?.table?.path ?? '');
    await expect(readAll(await tables.file('half.parquet', whole.subarray(0, whole.length / 2)))).rejects.toMatchObject({
      code: 'table.parquet_damaged',
      details: { step: 'raw' },
    });
    await expect(readAll(await tables.file('rubbish.parquet', 'this is no parquet file'))).rejects.toMatchObject({ code: 'table.parquet_damaged' });
    await expect(readAll(await tables.file('none.parquet', ''))).rejects.toMatchObject({ code: 'table.file_empty' });
    const middle = Buffer.from(whole);
    middle.fill(0xff, 200, 4_000);
    await expect(readAll(await tables.file('middle.parquet', middle))).rejects.toMatchObject({ status: 400, details: { step: 'raw' } });
  });
});

describe('columns and types', () => {
  test('an unknown column is named with the closest one', async () => {
    const file = await tables.file('c.csv', 'amount,day\n1,2026-01-01\n');
    await expect(tables.run([read('raw', file), step('f', 'raw', { op: 'filter', where: 'amuont > 1', onRowError: 'reject' })])).rejects.toMatchObject({
      code: 'table.unknown_column',
      message: expect.stringMatching(/Step f: the condition, "amuont > 1": there is no column "amuont"/),
      hint: expect.stringMatching(/Did you mean "amount"\?/),
      details: { step: 'f', column: 'amuont' },
    });
    await expect(tables.run([read('raw', file), step('s', 'raw', { op: 'sort', keys: [{ column: 'dya', direction: 'asc' }] })])).rejects.toMatchObject({
      code: 'table.unknown_column',
      details: { step: 's' },
    });
    await expect(tables.run([read('raw', file), step('q', 'raw', { op: 'sql', sql: 'SELECT amuont FROM input' })])).rejects.toMatchObject({
      code: 'table.unknown_column',
      hint: expect.stringMatching(/"amount"/),
      details: { step: 'q' },
    });
  });

  test('types that do not go together', async () => {
    const file = await tables.file('t.csv', 'name,n\nAnn,1\n');
    await expect(tables.run([read('raw', file), step('d', 'raw', { op: 'derive', columns: { x: 'name + n' }, onRowError: 'reject' })])).rejects.toMatchObject({
      status: 400,
      details: { step: 'd' },
    });
    await expect(
      tables.run([read('raw', file), step('s', 'raw', { op: 'select', columns: [{ column: 'n', type: 'MONEY' }], onRowError: 'reject' })]),
    ).rejects.toMatchObject({ status: 400, details: { step: 's' } });
    await expect(
      tables.run([read('raw', file), step('s', 'raw', { op: 'select', columns: [{ column: 'n', type: 'INT); DROP TABLE x; --' }], onRowError: 'reject' })]),
    ).rejects.toMatchObject({ code: 'table.type' });
  });

  test('the same column twice', async () => {
    const file = await tables.file('d.csv', 'a,b\n1,2\n');
    await expect(
      tables.run([read('raw', file), step('s', 'raw', { op: 'select', columns: [{ column: 'a' }, { column: 'b', as: 'A' }], onRowError: 'reject' })]),
    ).rejects.toMatchObject({ code: 'table.duplicate_column' });
  });

  test('a file name with a folder in it', async () => {
    const file = await tables.file('e.csv', 'a\n1\n');
    await expect(tables.run([read('raw', file), write('w', 'raw', '../../x.csv')])).rejects.toMatchObject({ code: 'table.file_name' });
  });
});

describe('cells that hold a whole file', () => {
  test('are kept whole, and cut where rows are looked at: 100 MB in a preview held up the whole worker', async () => {
    const file = await tables.file('one.csv', 'n\n1\n2\n');
    const big = "SELECT n, CASE WHEN n = '1' THEN repeat('x', 10000000) ELSE 'short' END AS text, range(2000) AS list FROM input";
    const result = await tables.run([read('raw', file, { csv: { types: { n: 'VARCHAR' } } }), { ...step('q', 'raw', { op: 'sql', sql: big }), keep: true }]);
    const { preview, table } = result.nodes['q'] ?? {};
    const cut = `${'x'.repeat(2_000)}… (10000000 characters)`;
    const list = expect.stringMatching(/^\[.{1999}… \(\d+ characters\)$/);
    expect(preview?.rows).toEqual([
      ['1', cut, list],
      ['2', 'short', list],
    ]);
    const page = await tables.engine.page(table?.path ?? '', { offset: 0, limit: 10, shown: { cell: 100 } });
    expect([page.total, page.truncated, page.rows.map((row) => (row[1] as string).length)]).toEqual([2, false, [100 + '… (10000000 characters)'.length, 5]]);
  });

  test('many of them show fewer rows, and say that there are more', async () => {
    const file = await tables.file('many.csv', `n\n${Array.from({ length: 300 }, (_, n) => n).join('\n')}\n`);
    const wide = `SELECT ${Array.from({ length: 50 }, (_, n) => `repeat('y', 3000) AS c${n}`).join(', ')} FROM input`;
    const { nodes } = await tables.run([read('raw', file), step('q', 'raw', { op: 'sql', sql: wide })]);
    expect(nodes['q']?.preview).toMatchObject({ truncated: true });
    expect(nodes['q']?.preview.rows.length).toBeLessThan(5);
    expect(JSON.stringify(nodes['q']?.preview).length).toBeLessThan(500_000);
  });
});
