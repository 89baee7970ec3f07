import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableSelect } from './select.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('chooses, renames, converts', async () => {
  const { result, rows } = await bench.run(tableSelect, { columns: ['b', { column: 'a', as: 'price', type: 'DECIMAL(9,2)' }] }, 'a,b,c\n1.5,x,y\n');
  expect(result.preview.columns).toEqual([
    { name: 'b', type: 'VARCHAR' },
    { name: 'price', type: 'DECIMAL(9,2)' },
  ]);
  expect(rows).toEqual([['x', '1.50']]);
});

test('a column that is not there', async () => {
  await expect(bench.run(tableSelect, { columns: ['amuont'] }, 'amount\n1\n')).rejects.toMatchObject({
    code: 'table.unknown_column',
    hint: expect.stringMatching(/"amount"/),
  });
});
