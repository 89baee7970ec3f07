// Jobs of several nodes: what is shared, kept, renamed, frozen or wrong between them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { read, step, type TableHarness, tableHarness, textOf, write } from './testing/table-harness.ts';

let tables: TableHarness;
let f: string;
beforeAll(async () => {
  tables = await tableHarness();
  f = await tables.file('a.csv', 'id,v,grp\n1,10,a\n2,20,b\n3,30,a\n');
});
afterAll(() => tables.close());
test('shared filter, two writes, ids that differ in case', async () => {
  const r = await tables.run([
    read('raw', f),
    step('aB', 'raw', { op: 'filter', where: 'v > 10', onRowError: 'reject' }),
    step('ab', 'raw', { op: 'filter', where: 'v > 20', onRowError: 'reject' }),
    write('w1', 'aB', 'x.csv'),
    write('w2', 'ab', 'x.csv'),
    write('w3', 'aB', 'y.json'),
  ]);
  expect([r.nodes.aB?.counts.rowsOut, r.nodes.ab?.counts.rowsOut]).toEqual([2, 1]);
  expect(await textOf(r, 'w2')).toBe('id,v,grp\n3,30,a\n');
});
test('kept nodes in the middle, columns called _reason and ~n, quotes', async () => {
  const g = await tables.file('odd.csv', '"a ""q""",_reason,select\n1,x,y\nz,x,y\n');
  const r = await tables.run([
    read('raw', g),
    step('d', 'raw', { op: 'derive', columns: { 'a "q"': 'CAST("a ""q""" AS INTEGER)', 'neu"': 'upper("select")' }, onRowError: 'reject' }, true),
    step('s', 'd', { op: 'sort', keys: [{ column: 'a "q"', direction: 'asc' }] }, true),
    write('w', 's', 'w.csv'),
  ]);
  expect(r.nodes.d?.counts).toEqual({ rowsIn: 2, rowsOut: 1, dropped: 0, rejected: 1 });
  expect(await textOf(r, 'w')).toBe('"a ""q""",_reason,select,"neu"""\n1,x,y,Y\n');
  expect(await tables.rows(r.nodes.d?.rejected?.path)).toEqual([
    { 'a "q"': 'z', select: 'y', _step: 'd', _reason: expect.stringContaining('failed for a "q" = z') },
  ]);
  expect((await tables.rows(r.nodes.s?.table?.path)).length).toBe(1);
});
test('clock, zones, parameters of each type', async () => {
  const r = await tables.run(
    [
      read('raw', f),
      step('d', 'raw', {
        op: 'derive',
        columns: { n: 'now()', t: 'today()', l: 'localtimestamp', c: "current_date - DATE '2026-11-19'", p: ':d', b: ':b', x: ':x', s: ':s || id' },
        onRowError: 'fail',
      }),
    ],
    {
      parameters: {
        d: { type: 'date', value: '2026-01-02' },
        b: { type: 'boolean', value: true },
        x: { type: 'number', value: 1e300 },
        s: { type: 'string', value: "it's :d" },
      },
    },
  );
  expect(r.nodes.d?.preview.rows[0]?.slice(3)).toEqual([
    '2026-11-20T10:00:00Z',
    '2026-11-20',
    '2026-11-20T11:00:00',
    '1',
    '2026-01-02',
    true,
    1e300,
    "it's :d1",
  ]);
});
test('derive chain on aggregate; limit after join; union of ordered', async () => {
  const r = await tables.run([
    read('raw', f),
    step('g', 'raw', {
      op: 'aggregate',
      by: ['grp'],
      aggregates: [
        { as: 'n', function: 'count' },
        { as: 's', function: 'sum', of: 'v' },
      ],
    }),
    step('d', 'g', { op: 'derive', columns: { m: 's / n' }, onRowError: 'reject' }),
    step('j', { left: 'raw', right: 'd' }, { op: 'join', how: 'inner', on: [{ left: 'grp', right: 'grp' }] }),
    step('l', 'j', { op: 'limit', rows: 2 }),
    step('u', { a: 'raw', b: 'raw' }, { op: 'union', distinct: false, byName: true }),
    write('w', 'l', 'w.csv'),
    write('w2', 'u', 'u.csv'),
  ]);
  expect(await textOf(r, 'w')).toBe('id,v,grp,n,s,m\n1,10,a,2,40,20.0\n2,20,b,1,20,20.0\n');
  expect((await textOf(r, 'w2')).split('\n').length).toBe(8);
  expect(r.nodes.j?.counts).toEqual({ rowsIn: 5, rowsOut: 3, dropped: 0, rejected: 0 });
});
test('careful mode keeps everything the same for untouched nodes', async () => {
  const bad = await tables.file('bad.csv', 'id,v\n1,5\n2,oops\n3,7\n');
  const r = await tables.run([
    read('raw', bad),
    step('t', 'raw', { op: 'derive', columns: { n: 'CAST(v AS INTEGER)', twice: 'n * 2' }, onRowError: 'reject' }),
    step('f', 't', { op: 'filter', where: 'twice > 10', onRowError: 'reject' }),
    step('s', 'f', { op: 'sort', keys: [{ column: 'id', direction: 'desc' }] }),
    step('c', 's', { op: 'checks', checks: [{ name: 'x', severity: 'warn', expect: 'n > 100' }] }),
    write('w', 'c', 'w.csv'),
  ]);
  expect(await textOf(r, 'w')).toBe('id,v,n,twice\n3,7,7,14\n');
  expect(r.nodes.t?.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 0, rejected: 1 });
});
test('errors at run time of aggregate and join name their step', async () => {
  const bad = await tables.file('bad2.csv', 'id,v\n1,5\n2,oops\n');
  await expect(
    tables.run([read('raw', bad), step('g', 'raw', { op: 'aggregate', by: [], aggregates: [{ as: 's', function: 'sum', of: 'CAST(v AS INTEGER)' }] })]),
  ).rejects.toMatchObject({ status: 400, details: { step: 'g' }, message: expect.stringContaining('oops') });
  await expect(
    tables.run([read('raw', bad), read('o', f), step('j', { left: 'raw', right: 'o' }, { op: 'join', how: 'inner', on: [{ left: 'v', right: 'id' }] })]),
  ).rejects.toMatchObject({ status: 400, details: { step: 'j' } });
});
test('stored inputs', async () => {
  const made = await tables.run([read('raw', f, {}, true)]);
  const r = await tables.run([
    {
      id: 'x',
      node: { op: 'filter', where: 'id > 1', onRowError: 'reject' },
      inputs: { input: { stored: { path: made.nodes.raw?.table?.path ?? '', format: 'parquet' } } },
      keep: true,
    },
  ]);
  expect(r.nodes.x?.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 1, rejected: 0 });
  expect(r.nodes.x?.table?.rows).toBe(2);
});
