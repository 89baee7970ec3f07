import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineStep } from '@tidewheel/kit/define-step';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableRead } from './read.step.ts';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'tw-read-')));
  await writeFile(path.join(root, 'in.csv'), 'a\n1\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** What the engine does before a table job, as a step of its own: finds the file and reads it. */
const finding = defineStep({
  type: 'test.source',
  version: 1,
  ui: { title: 'Source', group: 'Test', icon: 'file', summary: '' },
  description: '',
  config: tableRead.config,
  inputs: tableRead.inputs,
  produces: 'value',
  examples: [],
  run: async (config, ctx) => ({ value: await readFile((await tableRead.source?.(config, ctx))?.path ?? '', 'utf8') }),
});

const files = (...names: string[]) => ({ inputs: { input: { files: names.map((name) => ({ name, content: name })) } } });

test('a file of a folder, an uploaded one, the one of the step before', async () => {
  await using folder = await runStep(
    finding,
    { connection: 'exchange', path: 'in.csv', format: 'csv' },
    { connections: { exchange: { type: 'folder', config: { root } } } },
  );
  expect(folder.result.value).toBe('a\n1\n');
  await using uploaded = await runStep(finding, { file: 'trades', format: 'csv' }, { uploads: { trades: { name: 't.csv', content: 'uploaded' } } });
  expect(uploaded.result.value).toBe('uploaded');
  await using before = await runStep(finding, { format: 'csv' }, files('a.csv'));
  expect(before.result.value).toBe('a.csv');
});

test('of several one has to be picked', async () => {
  await using picked = await runStep(finding, { format: 'csv', pick: 'b.csv' }, files('a.csv', 'b.csv'));
  expect(picked.result.value).toBe('b.csv');
  await expect(runStep(finding, { format: 'csv' }, files('a.csv', 'b.csv'))).rejects.toMatchObject({
    code: 'table.read_several',
    hint: 'Set pick to one of a.csv, b.csv.',
  });
  await expect(runStep(finding, { format: 'csv', pick: 'c.csv' }, files('a.csv'))).rejects.toMatchObject({ code: 'table.read_nothing' });
  await expect(runStep(finding, { format: 'csv' }, {})).rejects.toMatchObject({ code: 'table.read_nothing' });
});

test('what does not go together', () => {
  const check = (config: object) => tableRead.check?.(tableRead.config.parse({ format: 'csv', ...config })).map((fault) => fault.path);
  expect(check({ connection: 'x' })).toEqual(['path']);
  expect(check({ connection: 'x', path: 'a.csv', file: 'y' })).toEqual(['file']);
  expect(check({ file: 'y' })).toEqual([]);
});
