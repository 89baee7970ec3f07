// Every operation of the relational tree on real DuckDB: what comes out, and how the rows are counted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { read, step, type TableHarness, tableHarness, textOf, write } from './testing/table-harness.ts';

let tables: TableHarness;
let orders: string;
let customers: string;

beforeAll(async () => {
  tables = await tableHarness();
  orders = await tables.file('orders.csv', 'id,customer,amount,day\n1,a,10.50,2026-01-01\n2,b,20,2026-01-02\n3,a,30.25,2026-01-03\n4,c,5,2026-01-04\n');
  customers = await tables.file('customers.csv', 'code,name\na,Ann\nb,Bob\n');
});
afterAll(() => tables.close());

describe('nodes', () => {
  test('read, filter, derive, aggregate, sort, write', async () => {
    const result = await tables.run(
      [
        read('orders', orders),
        step('big', 'orders', { op: 'filter', where: 'amount >= :least', onRowError: 'reject' }),
        step('priced', 'big', { op: 'derive', columns: { cents: 'CAST(amount * 100 AS BIGINT)', half: 'cents // 2' }, onRowError: 'reject' }),
        step('totals', 'priced', {
          op: 'aggregate',
          by: ['customer'],
          aggregates: [
            { as: 'orders', function: 'count' },
            { as: 'cents', function: 'sum', of: 'cents' },
          ],
        }),
        step('sorted', 'totals', { op: 'sort', keys: [{ column: 'cents', direction: 'desc' }] }),
        write('file', 'sorted', 'totals.csv'),
      ],
      { parameters: { least: { type: 'integer', value: 10 } } },
    );
    expect(await textOf(result, 'file')).toBe('customer,orders,cents\na,2,4075\nb,1,2000\n');
    const counts = Object.fromEntries(Object.entries(result.nodes).map(([id, node]) => [id, node.counts]));
    expect(counts).toEqual({
      orders: { rowsIn: 4, rowsOut: 4, dropped: 0, rejected: 0 },
      big: { rowsIn: 4, rowsOut: 3, dropped: 1, rejected: 0 },
      priced: { rowsIn: 3, rowsOut: 3, dropped: 0, rejected: 0 },
      totals: { rowsIn: 3, rowsOut: 2, dropped: 0, rejected: 0 },
      sorted: { rowsIn: 2, rowsOut: 2, dropped: 0, rejected: 0 },
      file: { rowsIn: 2, rowsOut: 2, dropped: 0, rejected: 0 },
    });
    expect(result.nodes.priced?.preview.columns.map((column) => column.name)).toEqual(['id', 'customer', 'amount', 'day', 'cents', 'half']);
    expect(result.nodes.priced?.preview.rows[0]?.slice(4)).toEqual(['1050', '525']);
  });

  test('joins', async () => {
    const how = async (kind: 'inner' | 'left' | 'full' | 'semi' | 'anti') => {
      const on = [{ left: 'customer', right: 'code' }];
      const result = await tables.run([
        read('o', orders),
        read('c', customers),
        step('j', { left: 'o', right: 'c' }, { op: 'join', how: kind, on }),
        write('f', 'j', 'j.csv', { orderBy: [{ column: 'id', direction: 'asc' }] }),
      ]);
      expect(result.nodes.j?.counts.rowsIn).toBe(6);
      return (await textOf(result, 'f')).trim().split('\n');
    };
    expect(await how('inner')).toEqual(['id,customer,amount,day,name', '1,a,10.5,2026-01-01,Ann', '2,b,20.0,2026-01-02,Bob', '3,a,30.25,2026-01-03,Ann']);
    expect((await how('left')).at(-1)).toBe('4,c,5.0,2026-01-04,');
    expect(await how('full')).toHaveLength(5);
    expect(await how('semi')).toEqual(['id,customer,amount,day', '1,a,10.5,2026-01-01', '2,b,20.0,2026-01-02', '3,a,30.25,2026-01-03']);
    expect(await how('anti')).toEqual(['id,customer,amount,day', '4,c,5.0,2026-01-04']);
  });

  test('a cast that fails rejects its row with the reason, and only that one', async () => {
    const file = await tables.file('mixed.csv', 'id,price\n1,10\n2,abc\n3,\n4,12\n');
    const result = await tables.run([
      read('raw', file, { csv: { types: { price: 'VARCHAR' } } }),
      step('typed', 'raw', { op: 'select', columns: [{ column: 'id' }, { column: 'price', type: 'DECIMAL(18,2)' }], onRowError: 'reject' }),
      write('f', 'typed', 'typed.csv'),
    ]);
    expect(await textOf(result, 'f')).toBe('id,price\n1,10.00\n3,\n4,12.00\n');
    expect(result.nodes.typed?.counts).toEqual({ rowsIn: 4, rowsOut: 3, dropped: 0, rejected: 1 });
    expect(await tables.rows(result.nodes.typed?.rejected?.path)).toEqual([
      { id: '2', price: 'abc', _step: 'typed', _reason: 'price: CAST("price" AS DECIMAL(18,2)) failed for price = abc' },
    ]);
  });

  test('several Parquet files are read as one, by name, each as often as it is named', async () => {
    const first = await tables.run([
      read('o', orders, {}, true),
      step('names', 'o', { op: 'select', columns: [{ column: 'customer' }, { column: 'id' }], onRowError: 'fail' }, true),
    ]);
    const [all, names] = [first.nodes.o?.table?.path ?? '', first.nodes.names?.table?.path ?? ''];
    const union = read('u', names, { format: 'parquet' }, true);
    const input = { path: names, format: 'parquet' as const, further: [all, names] };
    const result = await tables.run([{ ...union, inputs: { input: { stored: input } } }]);
    const rows = await tables.rows(result.nodes.u?.table?.path);
    expect(rows).toHaveLength(12);
    expect([rows[0], rows[4], rows[8]]).toEqual([
      { customer: 'a', id: '1', amount: null, day: null },
      { customer: 'a', id: '1', amount: 10.5, day: '2026-01-01' },
      { customer: 'a', id: '1', amount: null, day: null },
    ]);
    expect(result.nodes.u?.counts).toMatchObject({ rowsOut: 12 });
  });

  test('checks: one pass, quarantine with all failed names, warn only reports', async () => {
    const result = await tables.run([
      read('o', orders),
      step(
        'checked',
        'o',
        {
          op: 'checks',
          checks: [
            { name: 'amount under 30', severity: 'quarantine', expect: 'amount < 30' },
            { name: 'known customer', severity: 'quarantine', expect: "customer <> 'a'" },
            { name: 'even', severity: 'warn', expect: 'id % 2 = 0' },
            { name: 'few orders', severity: 'warn', query: 'SELECT customer, count(*) AS n FROM input GROUP BY customer HAVING n > 1' },
          ],
        },
        true,
      ),
    ]);
    const { checks, counts, rejected, table } = result.nodes.checked ?? {};
    expect(checks?.map(({ name, outcome, failedRows }) => [name, outcome, failedRows])).toEqual([
      ['amount under 30', 'quarantined', 1],
      ['known customer', 'quarantined', 2],
      ['even', 'warned', 2],
      ['few orders', 'warned', 1],
    ]);
    expect(counts).toEqual({ rowsIn: 4, rowsOut: 2, dropped: 0, rejected: 2 });
    expect((await tables.rows(rejected?.path)).map((row) => [row.id, row._reason])).toEqual([
      ['1', 'known customer'],
      ['3', 'amount under 30; known customer'],
    ]);
    expect((await tables.rows(table?.path)).map((row) => row.id)).toEqual(['2', '4']);
  });
});
