import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StepBench, stepBench } from './testing/run-table-step.ts';
import { tableWrite } from './write.step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const text = 'id,note\n2,"a, b"\n1,\n';

test.each([
  ['csv', {}, 'id,note\n1,\n2,"a, b"\n'],
  ['csv', { csv: { delimiter: ';', header: false, nullText: '-', newline: 'crlf' as const } }, '1;-\r\n2;a, b\r\n'],
  ['json', {}, '[\n\t{"id":1,"note":null},\n\t{"id":2,"note":"a, b"}\n]\n'],
  ['json', { json: { lines: true } }, '{"id":1,"note":null}\n{"id":2,"note":"a, b"}\n'],
] as const)('%s %j', async (format, options, expected) => {
  const { result } = await bench.run(tableWrite, { name: 'out.txt', format, orderBy: ['id'], ...options }, text);
  expect(await readFile(result.file?.path ?? '', 'utf8')).toBe(expected);
  expect(result.counts).toEqual({ rowsIn: 2, rowsOut: 2, dropped: 0, rejected: 0 });
});

test('Parquet comes back as it was', async () => {
  const { result } = await bench.run(tableWrite, { name: 'out.parquet', format: 'parquet' }, text);
  expect(await bench.tables.rows(result.file?.path)).toEqual([
    { id: '2', note: 'a, b' },
    { id: '1', note: null },
  ]);
});
