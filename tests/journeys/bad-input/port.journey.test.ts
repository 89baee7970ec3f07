// A port that another program has: said clearly, nothing left running, and the next free one when the port was not asked for.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer } from '../../../packages/server/src/testing/server.ts';

let taken: Server;
let port: number;

beforeAll(async () => {
  taken = createServer((socket) => socket.end('not http at all\r\n'));
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  port = (taken.address() as AddressInfo).port;
});
afterAll(() => taken?.close());

test('the server names the port and what to do, ends, and its folder serves the next start', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'tidewheel-port-'));
  const error = await startTestServer({ dataFolder, environment: { TIDEWHEEL_PORT: String(port) } }).then(
    (server) => server.stop().then(() => expect.fail('it took a port that is taken')),
    (thrown: Error) => thrown,
  );
  expect(error.message).toContain(String(port));
  expect(error.message).toMatch(/taken|in use|another program/i);
  expect(error.message).toContain('TIDEWHEEL_PORT');
  expect((await readdir(dataFolder, { recursive: true })).filter((name) => name.endsWith('postmaster.pid'))).toEqual([]);
  const server = await startTestServer({ dataFolder });
  expect((await fetch(`${server.origin}/health/live`)).status).toBe(200);
  await server.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

test('the command line says that what answers there is no Tidewheel', async () => {
  const shell = await openShell();
  expect(await shell.tidewheel(['health', '--url', `http://127.0.0.1:${port}`])).toMatchObject({ code: 7, stderr: expect.stringContaining(String(port)) });
});
