import { afterAll, beforeAll, expect, test } from 'vitest';
import { read, step } from '../../../server/src/storage/tables/testing/table-harness.ts';
import { type StepBench, stepBench } from '../table/testing/run-table-step.ts';
import { checksRun } from './run.step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const trades = 'id,price,lei\n1,10,529900T8BM49AURSDO55\n2,-1,529900T8BM49AURSDO56\n3,,529900T8BM49AURSDO55\n4,5,x\n';

test('quarantine keeps failing rows with the names of their checks', async () => {
  const { rows, result } = await bench.run(
    checksRun,
    {
      checks: [
        { name: 'price', expect: 'price > 0' },
        { name: 'lei', expect: 'lei_valid(lei)' },
      ],
    },
    trades,
  );
  expect(rows.map((row) => row[0])).toEqual(['1']);
  expect(result.counts).toEqual({ rowsIn: 4, rowsOut: 1, dropped: 0, rejected: 3 });
  expect((await bench.tables.rows(result.rejected?.path)).map((row) => [row['id'], row['_reason']])).toEqual([
    ['2', 'price; lei'],
    ['3', 'price'],
    ['4', 'lei'],
  ]);
  expect(result.checks?.map(({ outcome, failedRows, sample }) => [outcome, failedRows, sample?.length])).toEqual([
    ['quarantined', 2, 2],
    ['quarantined', 2, 2],
  ]);
});

test('warn lets rows through, stop ends the step', async () => {
  const warned = await bench.run(checksRun, { checks: [{ name: 'price', severity: 'warn', expect: 'price > 0' }] }, trades);
  expect(warned.result.counts).toEqual({ rowsIn: 4, rowsOut: 4, dropped: 0, rejected: 0 });
  expect(warned.result.checks?.[0]).toMatchObject({ outcome: 'warned', failedRows: 2 });
  const stopping = checksRun.config.parse({ checks: [{ name: 'complete', severity: 'stop', query: 'SELECT 1 FROM input HAVING count(*) < 10' }] });
  const stopped = await bench.tables.run([read('raw', await bench.tables.file('stopping.csv', trades)), step('step', 'raw', checksRun.relation(stopping))]);
  expect(stopped.stopped).toMatchObject({ step: 'step', error: { code: 'check.stopped' }, checks: [{ name: 'complete', outcome: 'stopped', failedRows: 1 }] });
});

test('a rule that cannot be evaluated on a row fails that row only', async () => {
  const { rows } = await bench.run(checksRun, { checks: [{ name: 'number', expect: 'CAST(lei AS INTEGER) > 0' }] }, 'lei\n7\nabc\n');
  expect(rows).toEqual([['7']]);
});

test('a sample holds at most twenty rows', async () => {
  const { result } = await bench.run(checksRun, { checks: [{ name: 'never', severity: 'warn', expect: 'false' }] }, `a\n${'1\n'.repeat(50)}`);
  expect(result.checks?.[0]).toMatchObject({ failedRows: 50, sample: Array.from({ length: 20 }, () => ({ a: '1' })) });
});

test('faults of the configuration', () => {
  const faults = (checks: { name: string; expect?: string; query?: string }[]) => checksRun.check?.(checksRun.config.parse({ checks }));
  expect(
    faults([
      { name: 'a', expect: 'x' },
      { name: 'b', query: 'SELECT 1' },
    ]),
  ).toEqual([]);
  expect(faults([{ name: 'a' }])).toEqual([{ path: 'checks.0', message: 'say either expect or query' }]);
  expect(
    faults([
      { name: 'a', expect: 'x' },
      { name: 'a', expect: 'y' },
    ]),
  ).toEqual([{ path: 'checks.1.name', message: 'another check is called "a"' }]);
});
