// Every shell example of docs/api.md, run as it stands and in its order.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
const folder = mkdtempSync(path.join(tmpdir(), 'tidewheel-docs-'));
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test('the examples of docs/api.md work', () => {
  const blocks = [...readFileSync('docs/api.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(5);
  const outcome = spawnSync('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, TIDEWHEEL_DATA: server.dataFolder },
  });
  const said = `${outcome.stdout}\n${outcome.stderr}`;
  expect(outcome.status, said).toBe(0);
  expect(outcome.stdout).toContain('"email":"operator@localhost"');
  expect(outcome.stdout).toMatch(/event: event\nid: \d+\.\d+\n/);
  expect(outcome.stdout).toContain('event: end');
  expect(outcome.stdout).toContain('large-orders.csv: OK');
  expect(outcome.stdout).toContain('"total":1');
  expect(outcome.stdout.split('\n')).toEqual(expect.arrayContaining(['created', 'succeeded', 'orders', 'flight-delays']));
  expect(outcome.stdout).toMatch(/^tidewheel_runs_live \d+$/m);
});
