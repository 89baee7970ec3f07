// What items leave together, on real Postgres and DuckDB: one table, all files; what they see in SQL; and what is too much.
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../../testing/engine-bench.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.file': async (config, ctx) => ({
        files: [await ctx.files.put({ name: 'trades.csv', mediaType: 'text/csv' }, Buffer.from(String(config['text'])))],
      }),
      'test.rows': async (_, ctx) => ({ value: ctx.inputs['input']?.table?.rows ?? null }),
    },
  });
});
afterAll(() => bench.close());

const source = { use: 'test.file', with: { text: 'id,desk,price\n1,a,5\n2,b,7\n3,a,x\n4,c,9\n' } };
const trades = { use: 'table.read', from: 'source', with: { format: 'csv', csv: { types: { id: 'BIGINT', price: 'BIGINT' } } } };
const run = async (steps: Record<string, object>): Promise<Run> => bench.ended((await bench.start({ steps })).id);
const stepOf = (ended: Run, id: string) => ended.steps.find((step) => step.step === id);
const rowsOf = async (ended: Run, step: string) => {
  const { rows } = await bench.runs.showTable(bench.actor, { run: ended.id, step, which: 'table', offset: 0, limit: 100 });
  return rows;
};

test('the tables of the items become one, in their order, and steps after it take from it', async () => {
  const ended = await run({
    source,
    trades,
    desks: { use: 'flow.value', after: 'trades', with: { value: '[{"desk": "c", "add": 1}, {"desk": "a", "add": 2}, {"desk": "none", "add": 3}]' } },
    own: { use: 'table.filter', from: 'trades', after: 'desks', each: { over: 'steps.desks.value' }, with: { where: 'desk = :item.desk' } },
    more: { use: 'table.derive', from: 'own', each: { over: '[10, 20]' }, with: { columns: { sum: 'price + :item', at: ':index' } } },
    sorted: { use: 'table.sort', from: 'more', with: { by: [{ column: 'sum' }] } },
    counted: { use: 'test.rows', from: 'sorted' },
  });
  expect(ended.error).toBeNull();
  expect(stepOf(ended, 'own')).toMatchObject({ table: { rows: 2 }, counts: { rowsIn: 9, rowsOut: 2, dropped: 7 }, value: { total: 3, succeeded: 3 } });
  expect(await rowsOf(ended, 'own')).toEqual([
    ['4', 'c', '9'],
    ['1', 'a', '5'],
  ]);
  expect((await rowsOf(ended, 'sorted')).map((row) => row.slice(3).map(String))).toEqual([
    ['15', '0'],
    ['19', '0'],
    ['25', '1'],
    ['29', '1'],
  ]);
  expect(stepOf(ended, 'counted')?.value).toBe(4);
});

test('columns go by name, equal tables stand as often as there are items, and rejected rows are kept', async () => {
  const ended = await run({
    source,
    trades: { use: 'table.read', from: 'source', each: { over: '[1, 2]' }, with: trades.with },
    odd: {
      use: 'table.sql',
      from: 'trades',
      each: { over: '["SELECT 1", "b"]' },
      with: { sql: 'SELECT desk, price FROM input WHERE :index = 0 UNION ALL BY NAME SELECT id, desk FROM input WHERE :index = 1' },
    },
  });
  expect(stepOf(ended, 'trades')).toMatchObject({ table: { rows: 6 }, rejected: { rows: 2 }, counts: { rejected: 2, rowsOut: 6 } });
  expect(stepOf(ended, 'odd')?.table?.columns.map(({ name }) => name)).toEqual(['desk', 'price', 'id']);
  expect(stepOf(ended, 'odd')?.table?.rows).toBe(12);
});

test('their files become a list, and an item that may fail leaves nothing', async () => {
  const ended = await run({
    source,
    trades,
    files: { use: 'table.write', from: 'trades', each: { over: '["a", "b", "/"]', mayFail: 1 }, with: { format: 'csv', name: '{{ item }}.csv' } },
  });
  expect(ended.error).toBeNull();
  expect(stepOf(ended, 'files')?.files.map(({ name }) => name)).toEqual(['a.csv', 'b.csv']);
});

test('no items make no table: what takes from it says so, or is skipped', async () => {
  const none = { use: 'table.filter', from: 'trades', each: { over: '[]' }, with: { where: 'TRUE' } };
  const by = { use: 'table.sort', from: 'none', with: { by: [{ column: 'id' }] } };
  const ended = await run({ source, trades, none, taken: by, minded: { ...by, when: 'steps.none.value.total > 0' } });
  expect(stepOf(ended, 'taken')?.error).toMatchObject({ code: 'step.no_table', message: 'none had no items, so it made no table' });
  expect(stepOf(ended, 'minded')?.state).toBe('skipped');
});

test('rows as items, one by one and in batches', async () => {
  const ended = await run({
    source,
    trades,
    one: { use: 'flow.value', each: { rows: 'trades' }, with: { value: 'item.desk' } },
    some: { use: 'flow.value', each: { rows: 'trades', batch: 2 }, with: { value: 'size(item)' } },
  });
  expect([stepOf(ended, 'one')?.value, stepOf(ended, 'some')?.value]).toMatchObject([{ results: ['a', 'b', 'c'] }, { results: [2, 1] }]);
});

test('a million rows are not run one by one, an endless expression ends, and no more memory is taken than there is', async () => {
  const ended = await run({
    source,
    trades,
    many: { use: 'table.sql', from: 'trades', with: { sql: 'SELECT i FROM input, range(500000) AS r(i)' } },
    items: { use: 'flow.value', each: { rows: 'many' }, mayFail: true, with: { value: 'item' } },
    batches: { use: 'flow.value', each: { rows: 'many', batch: 100000 }, mayFail: true, with: { value: 'index' } },
    endless: {
      use: 'flow.value',
      mayFail: true,
      each: {
        over: '[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, [1,2,3,4,5,6,7,8,9,10].map(e, [1,2,3,4,5,6,7,8,9,10].map(f, a + f))))))',
      },
      with: { value: 'item' },
    },
    large: { use: 'table.sort', from: 'trades', mayFail: true, resources: { memory: '4GB' }, with: { by: [{ column: 'id' }] } },
    small: { use: 'table.sort', from: 'trades', resources: { memory: '128MB', threads: 1 }, with: { by: [{ column: 'id' }] } },
  });
  expect(stepOf(ended, 'items')?.error).toMatchObject({ code: 'each.too_many', message: expect.stringContaining('1,500,000 items') });
  expect(stepOf(ended, 'batches')?.error).toMatchObject({ code: 'each.too_many' });
  expect(stepOf(ended, 'endless')?.error).toMatchObject({ code: 'expression.too_costly' });
  expect(stepOf(ended, 'large')?.error).toMatchObject({ code: 'table.resources', message: expect.stringContaining('at most 256MB') });
  expect(stepOf(ended, 'small')).toMatchObject({ state: 'succeeded', table: { rows: 3 } });
});
