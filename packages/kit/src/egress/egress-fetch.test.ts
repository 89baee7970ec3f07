// Against real servers on this machine; only DNS is faked, because nobody here may change what names mean.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loopback } from '../testing/allow-loopback.ts';

const names = new Map<string, string[][]>();
const lookups: string[] = [];
vi.mock('node:dns/promises', async (original) => ({
  ...(await original<object>()),
  lookup: async (name: string) => {
    lookups.push(name);
    const answers = names.get(name);
    if (!answers?.[0]) throw Object.assign(new RangeError(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    const now = answers.length > 1 ? answers.shift() : answers[0];
    return (now ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
}));

// The set-up of all tests has loaded them already, with the real DNS.
vi.resetModules();
const { allowEgress, connectAllowed, resolveAllowed } = await import('./egress.ts');
const { createEgressFetch, egressFetch } = await import('./egress-fetch.ts');

const servers: Server[] = [];
const seen: { url: string; headers: IncomingMessage['headers']; method: string; body: string }[] = [];

async function serve(answer: RequestListener, tls?: { key: string; cert: string }): Promise<number> {
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, method: request.method ?? '', body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  };
  const server = tls ? (createTlsServer(tls, listener) as unknown as Server) : createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(() => {
  allowEgress(loopback);
  seen.length = 0;
  lookups.length = 0;
  names.clear();
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => allowEgress(loopback));

const refused = async (work: Promise<unknown>) =>
  work.then(
    () => 'let through',
    (error: { code?: string }) => error.code,
  );

describe('the way out', () => {
  it.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://169.254.169.254',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://10.0.0.1',
    'http://192.168.0.1',
    'http://[fe80::1]',
    'http://224.0.0.1',
  ])('does not lead to %s', async (origin) => {
    allowEgress([]);
    const port = await serve((_request, response) => response.end('secret'));
    expect(await refused(egressFetch(`${origin}:${port}/`))).toBe('egress.denied');
    expect(seen).toEqual([]);
  });

  it('refuses a name of which any address is closed, with its dot or without', async () => {
    allowEgress([]);
    names.set('mixed.example', [['93.184.216.34', '127.0.0.1']]).set('inner.example.', [['10.0.0.7']]);
    expect(await refused(egressFetch('http://mixed.example/'))).toBe('egress.denied');
    expect(await refused(resolveAllowed({ host: 'inner.example.', port: 80, class: 'http' }))).toBe('egress.denied');
    expect(await refused(resolveAllowed({ host: 'unknown.example', port: 80, class: 'http' }))).toBe('egress.dns');
    expect(await refused(resolveAllowed({ host: 'a@b', port: 80, class: 'http' }))).toBe('egress.dns');
  });

  it('resolves once and connects to what was checked: a name that changes its mind gets nothing', async () => {
    const port = await serve((_request, response) => response.end('one'));
    allowEgress(['127.0.0.2']);
    names.set('rebind.example', [['127.0.0.2'], ['127.0.0.1']]);
    // 127.0.0.2 is allowed but nobody listens there; a second lookup would lead to the server at 127.0.0.1.
    expect(await refused(egressFetch(`http://rebind.example:${port}/`))).toBe('egress.failed');
    expect(lookups).toEqual(['rebind.example']);
    expect(await refused(egressFetch(`http://rebind.example:${port}/`))).toBe('egress.denied');
    expect(seen).toEqual([]);
  });

  it('follows a redirect only where it could have gone itself', async () => {
    const port = await serve((request, response) => {
      const to = new URL(request.url ?? '', 'http://x').searchParams.get('to');
      response.writeHead(302, { location: to ?? '/' }).end();
    });
    for (const to of ['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'http://[::ffff:10.0.0.1]/'])
      expect(await refused(egressFetch(`http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}`))).toBe('egress.denied');
    for (const to of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'data:text/plain,x'])
      expect(await refused(egressFetch(`http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}`))).toBe('egress.scheme');
    expect(await refused(egressFetch(`http://127.0.0.1:${port}/`))).toBe('egress.redirects');
    expect(seen.length).toBeLessThan(15);
    const manual = await egressFetch(`http://127.0.0.1:${port}/?to=/x`, { redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, '/x']);
  });

  it('carries no credential and no body to another origin', async () => {
    const other = await serve((_request, response) => response.end('ok'));
    const port = await serve((request, response) => {
      const status = Number(request.url?.slice(1));
      response.writeHead(status, { location: `http://127.0.0.1:${other}/` }).end();
    });
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-kept': 'yes' };
    await (await egressFetch(`http://127.0.0.1:${port}/302`, { headers })).text();
    expect(seen.at(-1)?.headers).toMatchObject({ 'x-kept': 'yes' });
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization');
    expect(seen.at(-1)?.headers).not.toHaveProperty('cookie');
    expect(await refused(egressFetch(`http://127.0.0.1:${port}/307`, { method: 'POST', body: 'client_secret=x' }))).toBe('egress.redirected_body');
    await (await egressFetch(`http://127.0.0.1:${port}/303`, { method: 'POST', body: 'client_secret=x' })).text();
    expect(seen.at(-1)).toMatchObject({ method: 'GET', body: '' });
    expect(await refused(egressFetch('http://user:pass@127.0.0.1/'))).toBe('egress.url_credentials');
  });

  it('does not go back from https to http, checks certificates, and takes a private authority', async () => {
    const made = await generate([{ name: 'commonName', value: 'secure.example' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'secure.example' }] }],
    });
    const port = await serve(
      (request, response) => {
        if (request.url === '/down') response.writeHead(302, { location: 'http://secure.example/' });
        response.end(`for ${request.headers.host}`);
      },
      { key: made.private, cert: made.cert },
    );
    names.set('secure.example', [['127.0.0.1']]).set('other.example', [['127.0.0.1']]);
    const trusting = createEgressFetch({ certificateAuthority: made.cert });
    expect(await (await trusting(`https://secure.example:${port}/`)).text()).toBe(`for secure.example:${port}`);
    expect(await refused(egressFetch(`https://secure.example:${port}/`))).toBe('egress.failed');
    expect(await refused(trusting(`https://other.example:${port}/`))).toBe('egress.failed');
    expect(await refused(trusting(`https://secure.example:${port}/down`))).toBe('egress.downgrade');
    expect(await refused(createEgressFetch({ httpsOnly: true })(`http://127.0.0.1:${port}/`))).toBe('egress.scheme');
  });

  it('ends an answer that is too large, also unpacked, or too slow', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
      else if (request.url === '/slow') response.write('a');
      else if (request.url === '/never') return;
      else response.end(Buffer.alloc(200_000));
    });
    const strict = createEgressFetch({ maxBytes: 100_000, timeoutMs: 500 });
    expect(await refused(strict(`http://127.0.0.1:${port}/`).then((answer) => answer.text()))).toBe('egress.too_large');
    expect(await refused(strict(`http://127.0.0.1:${port}/bomb`).then((answer) => answer.text()))).toBe('egress.too_large');
    expect(await refused(strict(`http://127.0.0.1:${port}/never`))).toBe('egress.timeout');
    await expect(strict(`http://127.0.0.1:${port}/slow`).then((answer) => answer.text())).rejects.toThrow();
  });

  it('drops kept connections when the policy narrows', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    expect(await (await egressFetch(`http://127.0.0.1:${port}/`)).text()).toBe('ok');
    allowEgress([]);
    expect(await refused(egressFetch(`http://127.0.0.1:${port}/`))).toBe('egress.denied');
  });

  it('opens raw connections by the same rules, and gives up when told', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    names.set('db.example', [['127.0.0.1']]);
    const socket = await connectAllowed({ host: 'db.example', port, class: 'host' }, { timeoutMs: 2_000 });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
    allowEgress([]);
    expect(await refused(connectAllowed({ host: 'db.example', port, class: 'host' }, { timeoutMs: 2_000 }))).toBe('egress.denied');
    await expect(connectAllowed({ host: '10.255.255.1', port: 1, class: 'host' }, { timeoutMs: 5_000, signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
