import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBlob } from './input.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-input-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file that is sent is read; one that is missing, or a folder, is named with what is wrong', async () => {
  const file = path.join(folder, 'runs.csv');
  await writeFile(file, 'Date\n');
  expect(await (await readBlob(file)).text()).toBe('Date\n');
  await writeFile(file, '');
  expect((await readBlob(file)).size).toBe(0);
  const missing = path.join(folder, 'none.csv');
  await expect(readBlob(missing)).rejects.toMatchObject({ code: 'input.file', message: `Cannot read ${missing}: there is no such file` });
  await expect(readBlob(folder)).rejects.toMatchObject({ code: 'input.file', message: `Cannot read ${folder}: it is a folder` });
});
