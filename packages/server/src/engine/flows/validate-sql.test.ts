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
