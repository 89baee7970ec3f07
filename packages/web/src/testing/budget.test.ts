import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstLoadFiles, type Manifest } from './first-load.ts';

const limit = 200_000;
const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
let manifest: Manifest = {};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-web-'));
  // In a process of its own: under Vitest's NODE_ENV the build would take React's development version.
  const vite = fileURLToPath(new URL('../../bin/vite.js', import.meta.resolve('vite')));
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', folder, '--emptyOutDir'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  manifest = JSON.parse(await readFile(path.join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function zippedBytes(page?: string): Promise<number> {
  const sizes = await Promise.all(firstLoadFiles(manifest, page).map(async (file) => gzipSync(await readFile(path.join(folder, file)), { level: 9 }).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test.each([
  ['the entry', undefined],
  ['the sign-in page', 'src/features/sign-in/pages/SignInPage.tsx'],
  ['the home page', 'src/features/home/pages/HomePage.tsx'],
])('%s loads at most 200 kB of zipped JavaScript', async (name, page) => {
  if (page !== undefined) expect(Object.keys(manifest)).toContain(page);
  const bytes = await zippedBytes(page);
  console.info(`${name}: ${(bytes / 1_000).toFixed(1)} kB gz`);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(limit);
});

test('graph, layout, editor and schema validator are no part of the first load', async () => {
  const sources = await Promise.all(firstLoadFiles(manifest, 'src/features/home/pages/HomePage.tsx').map((file) => readFile(path.join(folder, file), 'utf8')));
  const text = sources.join('\n');
  for (const mark of ['react-flow__', 'cm-editor', 'instanceLocation', 'elk.algorithm']) expect(text.includes(mark), mark).toBe(false);
});
