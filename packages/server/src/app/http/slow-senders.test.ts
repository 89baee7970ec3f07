// Who sends slowly or opens many connections is dropped, and nobody else notices. The limits are those of the product, shortened.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineRoute } from '@tidewheel/contract/route';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../base/endpoint.ts';
import { type Listening, listenFor } from './testing/listening.ts';

const shared = { tag: 'Test', summary: 'For the test', access: 'open' } as const;
const note = defineRoute({
  ...shared,
  name: 'test.note',
  method: 'POST',
  path: '/api/note',
  body: z.object({ text: z.string() }),
  response: z.object({ ok: z.boolean() }),
});
const upload = defineRoute({
  ...shared,
  name: 'test.upload',
  method: 'PUT',
  path: '/api/upload',
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: z.object({ size: z.number() }),
});
const endpoints = [endpoint(note, async () => ({ ok: true })), endpoint(upload, async ({ body }) => ({ size: (await buffer(body as never)).length }))];

const opened: Socket[] = [];
let server: Listening | undefined;
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await server?.close();
  server = undefined;
});

async function open(): Promise<Socket & { said(): string }> {
  const { hostname, port } = new URL(server?.listening ?? '');
  const socket = connect(Number(port), hostname);
  opened.push(socket);
  let said = '';
  socket.on('error', () => {}).on('data', (piece: Buffer) => (said += piece.toString()));
  await once(socket, 'connect');
  return Object.assign(socket, { said: () => said });
}

const head = (method: string, path: string, length: number) =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
const endedWithin = (socket: Socket, ms: number) =>
  Promise.race([new Promise((resolve) => socket.once('close', () => resolve(true))), sleep(ms).then(() => false)]);
const works = async () =>
  (await fetch(`${server?.listening}/api/note`, { method: 'POST', body: '{"text":"x"}', headers: { 'content-type': 'application/json' } })).status;

/** Else any stranger fills the log with errors by hanging up. */
async function expectNoFaultOfOurs(): Promise<void> {
  await sleep(200);
  expect(server?.logged()).not.toContain('"level":50');
}

describe('a body that is kept in memory', () => {
  it('must be there in time, however busily its sender sends', async () => {
    server = await listenFor({ endpoints, limits: { bodyWithinMs: 400 } });
    const socket = await open();
    socket.write(head('POST', '/api/note', 10_000));
    const dripping = setInterval(() => socket.write(' '), 50);
    const began = Date.now();
    expect(await endedWithin(socket, 5_000)).toBe(true);
    clearInterval(dripping);
    expect(Date.now() - began).toBeGreaterThanOrEqual(350);
    expect(await works()).toBe(200);
    await expectNoFaultOfOurs();
  });

  it('that came in time is not cut off by the clock of its sender', async () => {
    server = await listenFor({ endpoints, limits: { bodyWithinMs: 400 } });
    const socket = await open();
    for (let n = 0; n < 3; n++) {
      socket.write(`${head('POST', '/api/note', 12)}{"text":"x"}`);
      await sleep(250);
    }
    await expect.poll(() => socket.said().match(/200 OK/g)?.length).toBe(3);
  });
});

describe('an upload', () => {
  it('that its sender breaks off is no error of the server', async () => {
    server = await listenFor({ endpoints });
    const socket = await open();
    socket.write(`${head('PUT', '/api/upload', 1_000)}first`);
    await sleep(100);
    socket.destroy();
    await expectNoFaultOfOurs();
  });

  it('ends when no further piece comes', async () => {
    server = await listenFor({ endpoints, limits: { uploadIdleMs: 400 } });
    const socket = await open();
    socket.write(`${head('PUT', '/api/upload', 1_000)}first`);
    expect(await endedWithin(socket, 5_000)).toBe(true);
    await expectNoFaultOfOurs();
  });

  it('takes as long as it needs while pieces come', async () => {
    server = await listenFor({ endpoints, limits: { uploadIdleMs: 1_200 } });
    const socket = await open();
    socket.write(head('PUT', '/api/upload', 10));
    for (let n = 0; n < 10; n++) {
      socket.write('x');
      await sleep(150);
    }
    await expect.poll(socket.said).toContain('{"size":10}');
  });
});

describe('connections of one address', () => {
  it('are so many at once and no more; one that ends makes room', async () => {
    server = await listenFor({ endpoints, connectionsOfAddress: 3 });
    const three = [await open(), await open(), await open()];
    expect(await endedWithin(await open(), 2_000)).toBe(true);
    expect(three.map((socket) => socket.closed)).toEqual([false, false, false]);
    three[0]?.destroy();
    await expect.poll(async () => endedWithin(await open(), 200)).toBe(false);
  });

  it('are not counted for a proxy that is believed', async () => {
    server = await listenFor({
      endpoints,
      connectionsOfAddress: 1,
      settings: { host: '127.0.0.1', port: 0, publicUrl: undefined, trustedProxies: ['127.0.0.1'] },
    });
    const first = await open();
    expect(await endedWithin(await open(), 300)).toBe(false);
    expect(first.closed).toBe(false);
  });
});
