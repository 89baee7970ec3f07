import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeDemoFiles } from './demo-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-demo-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('places every file once, whole, and never touches it again', async () => {
  await placeDemoFiles(folder);
  expect((await readdir(folder)).sort()).toEqual([
    'SYNTHETIC-colors-2026-11-20.xlsx',
    'SYNTHETIC-mifir-trades-2026-11-18.csv',
    'SYNTHETIC-mifir-trades-2026-11-18.faults.json',
    'airports.csv',
    'flights-3m.parquet',
    'iso10383_mic_2021.csv',
    'iso4217_currencies.csv',
  ]);
  await writeFile(path.join(folder, 'airports.csv'), 'changed by a person');
  await rm(path.join(folder, 'iso4217_currencies.csv'));
  await placeDemoFiles(folder);
  expect(await readFile(path.join(folder, 'airports.csv'), 'utf8')).toBe('changed by a person');
  expect((await stat(path.join(folder, 'iso4217_currencies.csv'))).size).toBeGreaterThan(1_000);
});

test('a file that a person appends to does not change the installed package', async () => {
  await placeDemoFiles(folder);
  const file = path.join(folder, 'flights-3m.parquet');
  const { size, nlink } = await stat(file);
  await appendFile(file, 'x');
  expect([size, nlink]).toEqual([13_493_022, 1]);
  const again = await mkdtemp(path.join(folder, 'again-'));
  await placeDemoFiles(again);
  expect((await stat(path.join(again, 'flights-3m.parquet'))).size).toBe(13_493_022);
});
