import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableDedupe } from './dedupe.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const text = 'id,version,v\n1,1,a\n1,3,c\n2,1,x\n1,2,b\n2,1,x\n';

test('keeps the first by an order', async () => {
  const { rows, result } = await bench.run(tableDedupe, { by: ['id'], keep: [{ column: 'version', direction: 'desc' }] }, text);
  expect(rows.toSorted()).toEqual([
    ['1', '3', 'c'],
    ['2', '1', 'x'],
  ]);
  expect(result.counts).toEqual({ rowsIn: 5, rowsOut: 2, dropped: 3, rejected: 0 });
});

test('by all columns unless told', async () => {
  expect((await bench.run(tableDedupe, {}, text)).rows).toHaveLength(4);
});
