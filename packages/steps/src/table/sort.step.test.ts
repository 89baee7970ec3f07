import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableSort } from './sort.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('by several keys, empty last, ties by the other columns; limit keeps the first', async () => {
  const text = 'a,b\n2,x\n,y\n2,a\n3,z\n';
  expect((await bench.run(tableSort, { by: [{ column: 'a', direction: 'desc' }] }, text)).rows.map((row) => row.join(''))).toEqual(['3z', '2a', '2x', 'y']);
  const top = await bench.run(tableSort, { by: [{ column: 'a', nulls: 'first' }], limit: 2 }, text);
  expect(top.rows).toEqual([
    [null, 'y'],
    ['2', 'a'],
  ]);
  expect(top.result.counts).toEqual({ rowsIn: 4, rowsOut: 2, dropped: 2, rejected: 0 });
});
