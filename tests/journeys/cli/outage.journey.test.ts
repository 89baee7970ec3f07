// Watching goes on over what lies between: a server that is killed and comes back, and a proxy that lets no WebSocket through.

import { readFile, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, RunEvent } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { freePort } from '../../../packages/kit/src/testing/free-port.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let shell: Shell;
let port: number;
let proxy: Server | undefined;

beforeAll(async () => {
  port = await freePort();
  server = await startTestServer({ environment: { TIDEWHEEL_PORT: String(port) } });
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  await server?.stop();
  await rm(server?.dataFolder ?? '', { recursive: true, force: true });
});

/** Passes HTTP on and, having no listener for upgrades, hangs up on every WebSocket. */
async function startProxy(): Promise<string> {
  proxy = createServer((incoming, outgoing) => {
    const onward = request({ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

function expectWhole(lines: (RunEvent | Run)[]): void {
  const events = lines.slice(0, -1) as RunEvent[];
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(lines.at(-1)).toMatchObject({ state: 'succeeded' });
}

test('the server is killed and started again: the run goes on, and so does the watcher, with every event once', async () => {
  let isKilled = false;
  const watching = shell.tidewheel(['run', 'start', 'flight-delays', '--watch', '--json'], {
    onOutput: (output) => {
      if (isKilled || !output.includes('step.started')) return;
      isKilled = true;
      void server.kill();
    },
  });
  await expect.poll(() => isKilled, { timeout: 90_000 }).toBe(true);
  await sleep(1_500);
  server = await startTestServer({ dataFolder: server.dataFolder, environment: { TIDEWHEEL_PORT: String(port) } });
  const outcome = await watching;
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  expectWhole(outcome.jsonLines<RunEvent | Run>());
});

test('without a WebSocket it follows by server-sent events', async () => {
  const origin = await startProxy();
  const { token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  const outcome = await shell.tidewheel(['run', 'start', 'flight-delays', '--watch', '--json'], { env: { TIDEWHEEL_URL: origin, TIDEWHEEL_TOKEN: token } });
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  expectWhole(outcome.jsonLines<RunEvent | Run>());
});

test('a server that is away is exit code 7, and the message names it', async () => {
  await server.stop({ keepData: true });
  expect(await shell.tidewheel(['run', 'list'])).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(`127.0.0.1:${port}`) });
});
