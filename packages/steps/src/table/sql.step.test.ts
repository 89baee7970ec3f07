import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableSql } from './sql.step.ts';
import { type StepBench, stepBench } from './testing/run-table-step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

test('one SELECT over the inputs by name', async () => {
  const one = await bench.run(tableSql, { sql: 'SELECT sum(n) AS total FROM input; -- done' }, 'n\n1\n2\n');
  expect(one.rows).toEqual([['3']]);
  const two = await bench.run(
    tableSql,
    { sql: 'WITH x AS (FROM orders) SELECT x.id, c.name FROM x JOIN customers c USING (id) ORDER BY id DESC' },
    { orders: 'id\n1\n2\n', customers: 'id,name\n1,Ann\n2,Bob\n' },
  );
  expect(two.rows).toEqual([
    ['2', 'Bob'],
    ['1', 'Ann'],
  ]);
});

test('another table is named with the closest input', async () => {
  await expect(bench.run(tableSql, { sql: 'SELECT * FROM ordres' }, { orders: 'id\n1\n' })).rejects.toMatchObject({
    code: 'expression.table',
    hint: 'Did you mean "orders"?',
  });
});
