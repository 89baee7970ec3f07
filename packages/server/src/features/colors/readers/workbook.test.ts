import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticColors } from '../synthetic/synthetic-colors.ts';
import { syntheticWorkbook } from '../synthetic/synthetic-files.ts';
import { openIncoming } from './open-incoming.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-workbook-'));
  file = path.join(folder, 'large.xlsx');
  await writeFile(file, syntheticWorkbook([...syntheticColors({ seed: 5, days: 1, perDay: 4_000 })]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rowsOf(most: number): Promise<number> {
  const opened = await openIncoming(file);
  let count = 0;
  if (opened.kind === 'lines') return count;
  for (const { rows } of opened.tables)
    for await (const _ of rows) {
      count += 1;
      if (count >= most) break;
    }
  return count;
}

test.each([1, 60, 2_000, 1_000_000])('a workbook of 4,000 rows is let go after %i of them', async (most) => {
  // A regression: who stopped reading before the end waited for ever, so no upload of some size was read once a source had columns.
  expect(await rowsOf(most)).toBe(Math.min(most, await rowsOf(Number.POSITIVE_INFINITY)));
});
