import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableLimit } from './limit.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('keeps the first rows', async () => {
  const { rows, result } = await bench.run(tableLimit, { rows: 2 }, 'a\n3\n1\n2\n');
  expect(rows).toEqual([['3'], ['1']]);
  expect(result.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 1, rejected: 0 });
});
