import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StepBench, stepBench } from './testing/run-table-step.ts';
import { tableUnion } from './union.step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('columns by name, missing ones empty; distinct drops equal rows', async () => {
  const inputs = { first: 'a,b\n1,x\n', second: 'b,a,c\nx,1,z\n' };
  const all = await bench.run(tableUnion, {}, inputs);
  expect([all.columns, all.rows]).toEqual([
    ['a', 'b', 'c'],
    [
      ['1', 'x', null],
      ['1', 'x', 'z'],
    ],
  ]);
  expect(all.result.counts).toEqual({ rowsIn: 2, rowsOut: 2, dropped: 0, rejected: 0 });
  expect((await bench.run(tableUnion, { distinct: true }, { one: 'a\n1\n', two: 'a\n1\n2\n' })).rows.toSorted()).toEqual([['1'], ['2']]);
});

test('by position the number of columns must agree', async () => {
  await expect(bench.run(tableUnion, { byName: false }, { one: 'a\n1\n', two: 'a,b\n1,2\n' })).rejects.toMatchObject({
    status: 400,
    details: { step: 'step' },
  });
});
