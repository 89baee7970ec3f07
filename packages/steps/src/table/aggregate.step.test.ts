import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableAggregate } from './aggregate.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('groups by columns and expressions, with conditions', async () => {
  const { columns, rows, result } = await bench.run(
    tableAggregate,
    {
      by: ['k', { as: 'even', expression: 'n % 2 = 0' }],
      aggregates: [
        { as: 'rows', function: 'count' },
        { as: 'large', function: 'count', where: 'n > 2' },
        { as: 'sum', function: 'sum', of: 'n * 2' },
        { as: 'kinds', function: 'count_distinct', of: 'n' },
        { as: 'last', function: 'last', of: 'n' },
      ],
    },
    'k,n\na,1\na,2\na,4\nb,3\n',
  );
  expect(columns).toEqual(['k', 'even', 'rows', 'large', 'sum', 'kinds', 'last']);
  expect(rows.toSorted()).toEqual([
    ['a', false, '1', '0', '2', '1', '1'],
    ['a', true, '2', '1', '12', '2', '4'],
    ['b', false, '1', '1', '6', '1', '3'],
  ]);
  expect(result.counts).toEqual({ rowsIn: 4, rowsOut: 3, dropped: 0, rejected: 0 });
});

test('without groups there is one row, also of nothing', async () => {
  const { rows } = await bench.run(
    tableAggregate,
    {
      aggregates: [
        { as: 'n', function: 'count' },
        { as: 's', function: 'sum', of: 'CAST(a AS INTEGER)' },
      ],
    },
    'a\n',
  );
  expect(rows).toEqual([['0', null]]);
});

test('a sum of nothing is refused, so is an empty aggregate', async () => {
  await expect(bench.run(tableAggregate, { aggregates: [{ as: 's', function: 'sum' }] }, 'a\n1\n')).rejects.toMatchObject({ code: 'table.aggregate_of' });
  expect(tableAggregate.config.safeParse({}).success).toBe(false);
});
