// Requests that are no honest requests: smuggled, bombed, polluted, duplicated, cut.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefused, internals, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const host = () => new URL(site.server.origin).host;
const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
const send = (address: string, init: RequestInit) =>
  fetch(site.server.origin + address, { ...init, headers: { authorization: `Bearer ${site.token}`, ...init.headers } });

describe('request smuggling', () => {
  const smuggled = 'GET /api/audit HTTP/1.1\r\nHost: x\r\n\r\n';
  test.each([
    [
      'Content-Length beside Transfer-Encoding',
      () => `POST /api/auth/sign-in HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', () => `POST /api/auth/sign-in HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
    [
      'an encoding that hides',
      () => `POST /api/auth/sign-in HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n${smuggled}`,
    ],
    ['a space before the colon', () => `POST /api/auth/sign-in HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a folded header', () => `GET /api/flows HTTP/1.1\r\nHost: ${host()}\r\nX-A: b\r\n\tTransfer-Encoding: chunked\r\n\r\n${smuggled}`],
    [
      'a chunk size that overflows',
      () => `POST /api/auth/sign-in HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n${smuggled}`,
    ],
  ])('%s gets one answer, a refusal, and the connection ends', async (_name, bytes) => {
    const got = await site.raw(bytes());
    expect(statuses(got).length, got).toBeLessThanOrEqual(1);
    expect(statuses(got)[0] ?? 400, got).toBeGreaterThanOrEqual(400);
    expect(statuses(got)[0] ?? 400).toBeLessThan(500);
    expect(got).not.toMatch(internals);
  });

  test('a line break in a header value starts no header', async () => {
    const got = await site.raw(`GET /api/auth/entry HTTP/1.1\r\nHost: ${host()}\r\nX-Request-Id: a\r\nConnection: close\r\n\r\n`);
    expect(got).not.toMatch(/x-request-id: a\r/i);
  });

  test('TRACE and unknown methods are refused', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'FOO']) {
      const got = await site.raw(`${method} /api/flows HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`);
      expect(statuses(got)[0] ?? 400, method).toBeGreaterThanOrEqual(400);
      expect(got).not.toContain('HTTP/1.1 200');
    }
  });
});

describe('bombs', () => {
  test('a compressed body is refused, not unpacked', async () => {
    const body = gzipSync(Buffer.alloc(50_000_000));
    const answer = await send('/api/flows', { method: 'POST', body, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(400);
  });

  test('a YAML document whose aliases multiply is refused', async () => {
    const lines = ['flow: bomb', 'title: Bomb', 'a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++)
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    const answer = await site.ask('POST', '/api/flows', { source: lines.join('\n') });
    expectRefused(answer, [400]);
    expect(answer.text).toContain('the aliases in the document expand to too much');
  });

  test.each([
    ['JSON', () => `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'application/json'],
    ['objects', () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'application/json'],
  ])('%s nested deep is refused', async (_name, body, type) => {
    const answer = await send('/api/flows', { method: 'POST', body: body(), headers: { 'content-type': type } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('YAML nested deep is refused', async () => {
    const answer = await site.ask('POST', '/api/flows', { source: `flow: deep\ntitle: Deep\nsteps: ${'['.repeat(50_000)}${']'.repeat(50_000)}` });
    expectRefused(answer, [400, 413]);
  });

  test('a body longer than any may be is refused before it is read', async () => {
    const got = await site.raw(
      `POST /api/flows HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${site.token}\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n{`,
    );
    expect(statuses(got)[0]).toBe(413);
  });

  test('a head that never ends is cut', async () => {
    const got = await site.raw(`GET / HTTP/1.1\r\nHost: ${host()}\r\n${'X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2_000)}`);
    expect(statuses(got)[0] ?? 431).toBe(431);
  });
});

describe('pollution', () => {
  const polluted = [
    '{"__proto__":{"isAdmin":true},"source":"x"}',
    '{"constructor":{"prototype":{"isAdmin":true}},"source":"x"}',
    '{"source":{"__proto__":{"toString":1}}}',
  ];
  test.each(polluted)('%s pollutes nothing', async (body) => {
    const answer = await send('/api/flows/validate', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBeLessThan(500);
    const me = (await (await send('/api/auth/me', {})).json()) as Record<string, unknown>;
    expect('isAdmin' in me).toBe(false);
  });

  test('YAML keys that name prototypes pollute nothing', async () => {
    const answer = await site.ask('POST', '/api/flows/validate', {
      source: 'flow: p\ntitle: P\n__proto__: { isAdmin: true }\nsteps:\n  constructor: { use: report.text, with: { __proto__: { fileName: x } } }\n',
    });
    expect(answer.status).toBeLessThan(500);
    expect(answer.body['valid']).toBe(false);
  });

  test('a parameter given twice, in the body instead of the query, or under another case is no way around', async () => {
    expect((await site.ask('GET', '/api/flows?limit=1&limit=200')).status).toBe(400);
    expect((await site.ask('GET', '/api/flows?LIMIT=1')).status).toBe(400);
    expect((await site.ask('GET', '/api/flows?limit[]=1')).status).toBe(400);
    expect((await site.ask('GET', '/api/flows?limit[__proto__]=1')).status).toBe(400);
  });

  test('fields that a route does not take are refused: no mass assignment', async () => {
    for (const [method, address, body] of [
      ['PATCH', '/api/auth/me', { name: 'Ann', role: 'admin' }],
      ['POST', '/api/auth/tokens', { title: 'x', userId: '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b' }],
      ['POST', '/api/invitations', { email: 'x@example.com', role: 'viewer', workspaceId: '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b' }],
    ] as const) {
      const answer = await site.ask(method, address, body);
      expect(answer.status, `${method} ${address} ${answer.text}`).toBe(400);
    }
  });
});

describe('addresses and names', () => {
  test.each([
    '/../../etc/passwd',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/%00',
    '//etc/passwd',
    '/.git/config',
    '/.env',
  ])('%s leads nowhere', async (address) => {
    const got = await site.raw(`GET ${address} HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`);
    expect(got).not.toMatch(/root:|"workspaces"|\[core\]/);
    expect(statuses(got)[0]).toBeLessThan(500);
  });

  test.each(['../x.txt', '..\\x.txt', 'a/b.txt', 'a\u0000.txt', 'a\r\nb.txt', '.', '..', '\u202Etxt.exe'])(
    'an uploaded file may not be called %j',
    async (name) => {
      const answer = await send(`/api/files/probe?${new URLSearchParams({ name })}`, {
        method: 'PUT',
        body: 'x',
        headers: { 'content-type': 'application/octet-stream' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    },
  );

  test('a hostile file comes back as a download that no browser runs', async () => {
    const body = '<script>alert(document.cookie)</script>';
    const put = await send(`/api/files/page?${new URLSearchParams({ name: 'page "x".html', mediaType: 'text/html' })}`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(put.status).toBeLessThan(300);
    const answer = await send('/api/files/page/content', {});
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('the address that a proxy claims is believed of nobody', async () => {
    const before = (await site.ask('GET', '/api/audit?limit=1')).body['items'] as { id: string }[];
    await fetch(`${site.server.origin}/api/auth/sign-in`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-for': '203.0.113.7',
        'x-real-ip': '203.0.113.7',
        forwarded: 'for=203.0.113.7',
      },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong wrong wrong' }),
    });
    const [entry] = (await site.ask('GET', '/api/audit?limit=1')).body['items'] as { id: string; address: string }[];
    expect(entry?.id).not.toBe(before[0]?.id);
    expect(entry?.address).toBe('127.0.0.1');
  });
});
