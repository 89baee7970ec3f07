// What stands before every endpoint, asked of the running product: each protection is broken in turn by what it protects from.
import { readFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecuritySettings } from '@tidewheel/contract/routes/security';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startTestServer, type TestServer } from '../../testing/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ environment: { TIDEWHEEL_RATE_LIMITS: 'on', TIDEWHEEL_EGRESS_ALLOW: '' } });
  token = (JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string }).token;
});
afterAll(() => server.stop());

const call = (address: string, { headers, ...init }: RequestInit = {}) =>
  fetch(server.origin + address, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
const json = (method: string, body: unknown): RequestInit => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
async function set(changed: Record<string, unknown>): Promise<SecuritySettings> {
  const answer = await call('/api/security/settings', json('PATCH', changed));
  expect(answer.status).toBe(200);
  return (await answer.json()) as SecuritySettings;
}
const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

/** What a socket gets back for bytes that no HTTP client would send. */
function raw(bytes: string, { waitMs = 3_000 } = {}): Promise<string> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      got += chunk.toString();
    });
    socket.on('error', () => resolve(got));
    socket.on('close', () => resolve(got));
    setTimeout(() => socket.destroy(), waitMs).unref();
  });
}

describe('headers', () => {
  it.each(['/', '/api/auth/entry', '/api/runs', '/api/nothing', '/health/live', '/assets/none.js'])('%s carries every one of them', async (address) => {
    const { headers } = await call(address);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*object-src 'none'.*base-uri 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers.has('server') || headers.has('x-powered-by')).toBe(false);
    // Plain http: a promise of https would lock people out.
    expect(headers.has('strict-transport-security')).toBe(false);
  });
});

describe('foreign pages', () => {
  const origin = 'https://portal.example.com';
  it('may read nothing and ask nothing until they are on the list, and never with a cookie', async () => {
    const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } };
    expect((await fetch(`${server.origin}/api/runs`, preflight)).headers.has('access-control-allow-origin')).toBe(false);
    expect((await call('/api/runs', { headers: { origin } })).headers.has('access-control-allow-origin')).toBe(false);
    await set({ corsOrigins: [origin] });
    const answer = await fetch(`${server.origin}/api/runs`, preflight);
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([204, origin, 'Origin']);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    const read = await call('/api/runs', { headers: { origin } });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    for (const each of [answer, read]) expect(each.headers.has('access-control-allow-credentials')).toBe(false);
    for (const other of ['https://portal.example.com.evil.example', 'http://portal.example.com', 'null'])
      expect((await call('/api/runs', { headers: { origin: other } })).headers.has('access-control-allow-origin')).toBe(false);
    await set({ corsOrigins: [] });
  });

  it.each(['*', 'https://*.example.com', 'https://portal.example.com/', 'null', 'portal.example.com'])('the list does not take %j', async (entry) => {
    expect((await call('/api/security/settings', json('PATCH', { corsOrigins: [entry] }))).status).toBe(400);
  });

  it('may not ride on a cookie, by whatever header or form it is tried', async () => {
    const cookie = 'tidewheel=whatever';
    const post = (headers: Record<string, string>) =>
      fetch(`${server.origin}/api/auth/sign-out`, { method: 'POST', headers: { cookie, ...headers } }).then((answer) => code(answer));
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toEqual([403, 'request.cross_site']);
    expect(await post({ 'sec-fetch-site': 'same-site' })).toEqual([403, 'request.cross_site']);
    expect(await post({ origin: 'https://evil.example' })).toEqual([403, 'request.cross_site']);
    expect(await post({ origin: 'null' })).toEqual([403, 'request.cross_site']);
    expect(await post({})).toEqual([403, 'request.cross_site']);
    const form = await fetch(`${server.origin}/api/files/x?name=x.csv`, {
      method: 'PUT',
      body: 'a=b',
      headers: { cookie, 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' },
    });
    expect(form.status).toBe(403);
  });
});

/** An upload that has begun and goes no further. */
class SlowUpload {
  #sent: ClientRequest | undefined;
  isRefused = true;

  begin(): void {
    const { hostname, port } = new URL(server.origin);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    this.isRefused = false;
    this.#sent = request({ hostname, port, path: '/api/files/slow?name=slow.csv', method: 'PUT', headers });
    this.#sent.on('error', () => {});
    this.#sent.on('response', ({ statusCode }) => {
      this.isRefused = statusCode === 429;
    });
    this.#sent.write('x');
  }

  end(): void {
    this.#sent?.destroy();
  }
}

describe('bodies', () => {
  it('that are packed, too deep, poisoned, of another type or not UTF-8 are refused', async () => {
    const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
      call('/api/flows', { method: 'POST', body: body as unknown as string, headers: { 'content-type': 'application/json', ...headers } }).then(code);
    expect(await post('{}', { 'content-encoding': 'gzip' })).toEqual([400, 'request.content_encoding']);
    expect(await post(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toEqual([400, expect.stringMatching(/^request\.(json|invalid)$/)]);
    expect(await post('{"__proto__": {"admin": true}}')).toEqual([400, 'request.json']);
    expect(await post('{"constructor": {"prototype": {"admin": true}}}')).toEqual([400, 'request.json']);
    expect(await post('{"text": 1e999}')).toEqual([400, 'request.invalid']);
    expect(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toEqual([400, 'request.media_type']);
    expect(await post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toEqual([400, 'request.encoding']);
  });

  it('of YAML that would unfold without end are refused', async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(', ')}]`);
    const bomb = `a0: &a0 [x, x, x]\n${levels.join('\n')}\n`;
    const answer = await call('/api/flows/validate', json('POST', { source: bomb }));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('the aliases in the document expand to too much')]);
    const deep = await call('/api/flows/validate', json('POST', { source: `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}` }));
    expect([deep.status, await deep.text()]).toEqual([200, expect.stringContaining('nested deeper than 64 levels')]);
  });

  it('and queries with doubled or poisoned names too', async () => {
    expect((await call('/api/runs?limit=1&limit=2')).status).toBe(400);
    expect((await call('/api/runs?__proto__[x]=1')).status).toBe(400);
    expect((await call('/api/runs?constructor=1')).status).toBe(400);
  });

  it('of uploads end at the limit that is set, and so does their number at once', async () => {
    await set({ uploadMaxBytes: 1_000 });
    const upload = (size: number) =>
      call('/api/files/limit-test?name=limit.csv', { method: 'PUT', body: 'x'.repeat(size), headers: { 'content-type': 'application/octet-stream' } });
    expect(await code(await upload(1_001))).toEqual([413, 'request.too_large']);
    await set({ uploadMaxBytes: 2_000_000_000, uploadsPerWorkspace: 1 });
    const slow = new SlowUpload();
    await expect
      .poll(async () => {
        // Whoever comes first has the place: where that was not the slow one it begins again.
        if (slow.isRefused) slow.begin();
        await sleep(300);
        return code(await upload(10));
      })
      .toEqual([429, 'upload.too_many']);
    slow.end();
    await expect.poll(async () => (await upload(10)).status).toBeLessThan(300);
    await set({ uploadsPerWorkspace: 16 });
  });
});

describe('names of files', () => {
  it.each(['../../etc/passwd', '..\\..\\x', 'a/b.csv', 'a\u0000b.csv', '..', '.', 'CON', 'nul.txt', 'x\u202Efdp.exe', 'a\r\nSet-Cookie: x', ''])(
    '%j is refused or made safe',
    async (name) => {
      const answer = await call(`/api/files/name-test?name=${encodeURIComponent(name)}`, {
        method: 'PUT',
        body: 'x',
        headers: { 'content-type': 'application/octet-stream' },
      });
      expect(answer.status).toBe(400);
    },
  );
});

describe('requests that are none', () => {
  it.each([
    ['two lengths', 'POST /api/flows HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    [
      'length and chunks',
      'POST /api/flows HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
    ['an odd coding', 'POST /api/flows HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'GET /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n'],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['a head without end', `GET /health/live HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['a bare line feed in a header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n'],
  ])('%s: refused, and nothing behind it is answered', async (_what, bytes) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.match(/HTTP\/1\.1 /g)?.length).toBe(1);
  });
});

describe('rates', () => {
  it('tell how much is left, refuse what is too much with the time to wait, and count each caller for himself', async () => {
    await set({ rates: { signedIn: { perSecond: 1, burst: 12 } } });
    await sleep(50);
    const answers: Response[] = [];
    // Slow answers leave it time to fill up again.
    while (answers.length < 500 && answers.at(-1)?.status !== 429) answers.push(await call('/api/auth/me'));
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"signedIn";q=12;w=12');
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"signedIn";r=\d+;t=\d+$/);
    const refused = answers.find((answer) => answer.status === 429);
    expect(refused?.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({ code: 'rate.limited', status: 429 });
    // Open routes have a bucket of their own.
    expect((await fetch(`${server.origin}/api/auth/entry`)).status).toBe(200);
    await expect
      .poll(async () => (await call('/api/security/settings', json('PATCH', { rates: { signedIn: { perSecond: 1_000, burst: 2_000 } } }))).status)
      .toBe(200);
    expect((await call('/api/auth/me')).status).toBe(200);
  });

  it('are stricter for what costs much', async () => {
    await set({ rates: { expensive: { perSecond: 0.1, burst: 2 } } });
    const validate = () => call('/api/flows/validate', json('POST', { text: 'name: x' })).then((answer) => answer.status);
    expect([await validate(), await validate(), await validate()].at(-1)).toBe(429);
    expect((await call('/api/auth/me')).status).toBe(200);
    await set({ rates: { expensive: { perSecond: 5, burst: 20 } } });
  });

  it('hold for wrong tokens by address, before the database is asked', async () => {
    await set({ rates: { open: { perSecond: 0.1, burst: 5 } } });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++) statuses.push((await fetch(`${server.origin}/api/runs`, { headers: { authorization: `Bearer tw_${n}` } })).status);
    expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(statuses.slice(-2)).toEqual([429, 429]);
    const open: number[] = [];
    for (let n = 0; n < 7; n++) open.push((await fetch(`${server.origin}/health/live`, { headers: { 'x-forwarded-for': `10.0.0.${n}` } })).status);
    expect(open.at(-1)).toBe(429);
    // The one on this address with a good token waits too: this address has shown what it is.
    expect(await code(await call('/api/auth/me'))).toEqual([429, 'rate.limited']);
  });

  it('hold for the messages of a live channel', async () => {
    // The limits above keep this address out: another server.
    const other = await startTestServer({ environment: { TIDEWHEEL_RATE_LIMITS: 'on' } });
    try {
      const own = (JSON.parse(await readFile(path.join(other.dataFolder, 'cli-token.json'), 'utf8')) as { token: string }).token;
      const socket = new WebSocket(`${other.origin.replace('http', 'ws')}/api/live`, { headers: { authorization: `Bearer ${own}` } });
      await new Promise((resolve) => socket.once('open', resolve));
      const closed = new Promise<number>((resolve) => socket.once('close', resolve));
      for (let n = 0; n < 150; n++) socket.send(JSON.stringify({ type: 'unsubscribe', id: n + 1 }));
      expect(await closed).toBe(4429);
    } finally {
      await other.stop();
    }
  });
});
