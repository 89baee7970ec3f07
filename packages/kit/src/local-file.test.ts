import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { localFile } from './local-file.ts';

test('a file that goes before it is read is an error of its reader alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tw-local-file-'));
  const file = path.join(folder, 'x.csv');
  await writeFile(file, 'a,b\n');
  const chunks: Uint8Array[] = [];
  for await (const chunk of localFile(file)) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('a,b\n');
  const late = localFile(file);
  await rm(folder, { recursive: true });
  // Whoever opened it at once would have an error here that nobody takes, which ends the process.
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  await expect(late.next()).rejects.toMatchObject({ code: 'ENOENT' });
});
