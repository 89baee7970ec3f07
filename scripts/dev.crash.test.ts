// npm run dev is a handful of processes that watch: a kill -9 of the one in front must take all of them along.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tw-dev-'));
  chmodSync(folder, 0o711);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Every process that was started with our folder in its environment or arguments, and is no zombie. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(folder) || textOf(`/proc/${pid}/cmdline`).includes(folder))
    .map((pid) => `${pid} ${textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`);
}

test('a kill -9 leaves nothing of API, worker, pages and Postgres', async () => {
  const environment = { ...process.env, TIDEWHEEL_DATA: folder, TIDEWHEEL_PORT: '18090', DATABASE_URL: '' };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'dev.mjs')], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (let i = 0; i < 900 && !(output.includes('[api]    Server listening') && output.includes('Local:')); i++) await sleep(100);
  expect(output).toContain('[api]    Server listening');
  expect(output).toContain('[web]');
  expect(processes().length).toBeGreaterThan(6);
  child.kill('SIGKILL');
  await expect.poll(processes, { interval: 100 }).toEqual([]);
});
