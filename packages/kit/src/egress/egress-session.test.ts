// Against real servers on this machine.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopback } from '../testing/allow-loopback.ts';
import { allowEgress } from './egress.ts';
import { openEgressSession } from './egress-session.ts';

const servers: Server[] = [];
let connections = 0;

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  server.on('connection', () => connections++);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(() => {
  allowEgress(loopback);
  connections = 0;
});
afterEach(() => {
  allowEgress(loopback);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const open = (port: number) => openEgressSession({ place: { host: '127.0.0.1', port, class: 'host' }, connectMs: 5_000 });
const request = { path: '/', headers: {}, body: Buffer.from('hello'), timeoutMs: 5_000, maxBytes: 1_000 };

describe('one kept connection', () => {
  it('carries every request, also after a refusal', async () => {
    const port = await serve((asked, response) => response.writeHead(asked.url === '/' ? 401 : 200).end(asked.url));
    const session = await open(port);
    expect(await session.post(request)).toMatchObject({ status: 401, body: Buffer.from('/') });
    expect(await session.post({ ...request, path: '/two' })).toMatchObject({ status: 200, body: Buffer.from('/two') });
    expect(connections).toBe(1);
    expect(session.certificate).toBeUndefined();
    session.close();
    expect(session.isOpen()).toBe(false);
    await expect(session.post(request)).rejects.toMatchObject({ code: 'egress.lost' });
    expect(connections).toBe(1);
  });

  it('is not made again by itself when the far side closes it', async () => {
    const port = await serve((_asked, response) => response.writeHead(401, { connection: 'close' }).end());
    const session = await open(port);
    await session.post(request);
    await expect(session.post(request)).rejects.toMatchObject({ code: 'egress.lost', retryable: true });
    expect(connections).toBe(1);
  });

  it('follows no redirect', async () => {
    const port = await serve((_asked, response) => response.writeHead(307, { location: 'http://127.0.0.2:1/' }).end());
    const session = await open(port);
    expect(await session.post(request)).toMatchObject({ status: 307 });
    session.close();
  });

  it('ends at an answer that is too large or too late, and when it is told', async () => {
    const port = await serve((asked, response) => {
      if (asked.url === '/large') response.end(Buffer.alloc(2_000));
      else if (asked.url === '/half') response.writeHead(200, { 'content-length': 10 }).write('half');
    });
    await expect((await open(port)).post({ ...request, path: '/large' })).rejects.toMatchObject({ code: 'egress.too_large' });
    for (const path of ['/never', '/half'])
      await expect((await open(port)).post({ ...request, path, timeoutMs: 200 })).rejects.toMatchObject({ code: 'egress.timeout' });
    const stop = new AbortController();
    const asking = (await open(port)).post({ ...request, path: '/never', signal: stop.signal });
    stop.abort(new DOMException('cancelled', 'AbortError'));
    await expect(asking).rejects.toThrow('cancelled');
  });

  it('is made to allowed addresses only', async () => {
    const port = await serve((_asked, response) => response.end());
    allowEgress([]);
    await expect(open(port)).rejects.toMatchObject({ code: 'egress.denied' });
    expect(connections).toBe(0);
  });
});
