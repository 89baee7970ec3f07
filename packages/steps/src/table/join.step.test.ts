import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableJoin } from './join.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const left = 'id,code,name\n1,a,x\n2,b,y\n';
const right = 'code,name\na,Alpha\nc,Gamma\n';

test('equal names need one word; a taken name gets right_', async () => {
  const { columns, rows } = await bench.run(tableJoin, { how: 'left', on: ['code'] }, { left, right });
  expect(columns).toEqual(['id', 'code', 'name', 'right_name']);
  expect(rows.toSorted()).toEqual([
    ['1', 'a', 'x', 'Alpha'],
    ['2', 'b', 'y', null],
  ]);
});

test('full keeps both sides and fills the key; chosen columns', async () => {
  const full = await bench.run(tableJoin, { how: 'full', on: ['code'] }, { left, right });
  expect(full.rows.map((row) => row[1]).toSorted()).toEqual(['a', 'b', 'c']);
  const chosen = await bench.run(
    tableJoin,
    { on: [{ left: 'code', right: 'code' }], columns: [{ side: 'right', column: 'name', as: 'title' }] },
    { left, right },
  );
  expect([chosen.columns, chosen.rows]).toEqual([['title'], [['Alpha']]]);
});

test('an unknown key names its column', async () => {
  await expect(bench.run(tableJoin, { on: ['kode'] }, { left, right })).rejects.toMatchObject({
    code: 'table.unknown_column',
    details: { step: 'step', column: 'kode' },
  });
});
