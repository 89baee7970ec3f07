import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, expect, it } from 'vitest';
import { createLogger } from '../../base/logger.ts';
import { createTableEngine } from '../../storage/tables/create-table-engine.ts';
import { validateFlow } from './validate.ts';

const tableEngine = createTableEngine({ processes: 1, memoryLimit: '256MB', scratch: tmpdir(), log: createLogger({ role: 'test', level: 'silent' }) });
afterAll(() => tableEngine.close());
const surroundings = {
  types: new Map(stepTypes.map((type) => [type.type, type])),
  tableEngine,
  targets: [],
  connections: [],
  files: ['x'],
  flows: { find: async () => [], names: async () => [] },
};

it('asks the table engine about every expression and query, and puts its faults on their lines', async () => {
  const source = `flow: sql
title: SQL
parameters:
  least: { type: integer, default: 1 }
steps:
  a: { use: table.read, with: { file: x, format: csv } }
  fine: { use: table.filter, from: a, with: { where: price > :least } }
  slip: { use: table.filter, from: a, with: { where: 'price >' } }
  unknown: { use: table.filter, from: a, with: { where: price > :laest } }
  evil: { use: table.derive, from: a, with: { columns: { x: "(select 1 from read_csv('/etc/passwd'))" } } }
  two: { use: table.sql, from: a, with: { sql: select 1; select 2 } }
`;
  const { faults } = await validateFlow(source, surroundings);
  expect(faults.filter((fault) => fault.severity === 'error').map((fault) => [fault.line, fault.path])).toEqual([
    [8, 'steps.slip.with.where'],
    [9, 'steps.unknown.with.where'],
    [10, 'steps.evil.with.columns.x'],
    [11, 'steps.two.with.sql'],
  ]);
});

it.each(['flight-delays', 'mifir-daily'])('finds no fault in the demo %s', async (name) => {
  const source = await readFile(path.join(import.meta.dirname, `../../app/demo/${name}.yaml`), 'utf8');
  const { faults } = await validateFlow(source, surroundings);
  expect(faults.filter((fault) => fault.severity === 'error')).toEqual([]);
});

it('leaves the SQL of other databases to them, and lets an expectation see the answer it is about', async () => {
  const source = `flow: outside
title: Outside
steps:
  rows: { use: sql.query, with: { connection: db, sql: 'select * from dual where rownum < :n', parameters: { n: '5 + 1' } } }
  change: { use: sql.execute, with: { connection: db, sql: 'begin declare x int; end', single: true, parameters: { n: '5 +' } } }
  call: { use: http.request, with: { url: 'https://example.com', expect: { where: 'response.body.n == 1' } } }
  other: { use: http.request, with: { url: 'https://example.com', body: { as: json, value: 'response.body' }, method: POST } }
  read: { use: table.read, from: call, with: { format: json } }
  book: { use: report.excel, from: { rows: rows, read: read }, with: { fileName: x.xlsx } }
  move: { use: file.transfer, with: { from: { connection: a, path: x }, to: { path: y } } }
`;
  const connections = [
    { slug: 'db', type: 'mysql', folder: null },
    { slug: 'a', type: 's3', folder: null },
  ];
  const { faults } = await validateFlow(source, { ...surroundings, connections });
  expect(faults.filter((fault) => fault.severity === 'error').map((fault) => [fault.line, fault.path])).toEqual([
    [5, 'steps.change.with.parameters.n'],
    [7, 'steps.other.with.body.value'],
    [10, 'steps.move.with.to.connection'],
  ]);
});
