import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableDerive } from './derive.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('adds and replaces columns, one may use those before it', async () => {
  const { columns, rows } = await bench.run(
    tableDerive,
    { columns: { total: 'price * quantity', name: 'upper(name)', half: 'total / 2' } },
    'name,price,quantity\na,2,3\n',
  );
  expect(columns).toEqual(['name', 'price', 'quantity', 'total', 'half']);
  expect(rows).toEqual([['A', '2', '3', '6', 3]]);
});

test('empty stays empty, what fails is rejected', async () => {
  const { rows, result } = await bench.run(tableDerive, { columns: { day: 'CAST(text AS DATE)' } }, 'id,text\n1,2026-01-02\n2,\n3,soon\n');
  expect(rows).toEqual([
    ['1', '2026-01-02', '2026-01-02'],
    ['2', null, null],
  ]);
  expect(await bench.tables.rows(result.rejected?.path)).toEqual([
    { id: '3', text: 'soon', _step: 'step', _reason: 'day: CAST(text AS DATE) failed for text = soon' },
  ]);
});

test('needs at least one column', () => expect(tableDerive.config.safeParse({ columns: {} }).success).toBe(false));
