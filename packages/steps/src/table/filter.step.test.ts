import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableFilter } from './filter.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const people = 'name,age\nAnn,41\nBob,\nCid,17\n';

test('true stays, false and empty go', async () => {
  const { rows, result } = await bench.run(tableFilter, { where: 'age >= 18' }, people);
  expect(rows).toEqual([['Ann', '41']]);
  expect(result.counts).toEqual({ rowsIn: 3, rowsOut: 1, dropped: 2, rejected: 0 });
});

test('a condition that cannot be evaluated on a row rejects it', async () => {
  const { result } = await bench.run(tableFilter, { where: 'CAST(name AS INTEGER) > 1' }, people);
  expect(result.counts).toEqual({ rowsIn: 3, rowsOut: 0, dropped: 0, rejected: 3 });
  await expect(bench.run(tableFilter, { where: 'CAST(name AS INTEGER) > 1', onRowError: 'fail' }, people)).rejects.toMatchObject({ code: 'table.row_error' });
});
