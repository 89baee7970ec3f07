import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict, TooMany } from '@tidewheel/contract/errors';
import { defineRoute } from '@tidewheel/contract/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type Listening, listenFor, someone } from './testing/listening.ts';

const content = Buffer.from('0123456789');
const sha256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';
const shared = { tag: 'Test', summary: 'For the test' } as const;
const seen: { uploaded: number; streamEnded: boolean } = { uploaded: 0, streamEnded: false };

const echo = defineRoute({
  ...shared,
  name: 'test.echo',
  method: 'POST',
  path: '/api/echo/{id}',
  access: 'flow.read',
  params: z.object({ id: z.uuid() }),
  query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
  body: z.object({ name: z.string().min(2), steps: z.array(z.object({ use: z.string() })).default([]) }),
  response: z.object({ name: z.string(), limit: z.number() }),
});
const upload = defineRoute({
  ...shared,
  name: 'test.upload',
  method: 'PUT',
  path: '/api/upload',
  access: 'open',
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: z.object({ size: z.number() }),
});
const download = defineRoute({
  ...shared,
  name: 'test.download',
  method: 'GET',
  path: '/api/download',
  access: 'open',
  response: z.string(),
  responseType: 'application/octet-stream',
});
const fail = defineRoute({
  ...shared,
  name: 'test.fail',
  method: 'GET',
  path: '/api/fail/{how}',
  access: 'open',
  params: z.object({ how: z.string() }),
  response: z.object({ ok: z.boolean() }),
});
const edit = defineRoute({ ...shared, name: 'test.edit', method: 'POST', path: '/api/edit', access: 'flow.edit', response: z.object({ ok: z.boolean() }) });
const stream = defineRoute({
  ...shared,
  name: 'test.stream',
  method: 'GET',
  path: '/api/stream',
  access: 'open',
  response: z.string(),
  responseType: 'text/event-stream',
});

async function* ticks(signal: AbortSignal) {
  try {
    for (let n = 1; !signal.aborted; n++) {
      yield { event: 'event', id: `${n}.0`, data: { n } };
      await sleep(20, undefined, { signal }).catch(() => {});
    }
  } finally {
    seen.streamEnded = true;
  }
}

const endpoints: Endpoint[] = [
  endpoint(echo, async ({ body, query }) => ({ name: body.name, limit: query.limit, secret: 'not in the contract' })),
  endpoint(upload, async ({ body }) => {
    seen.uploaded = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) seen.uploaded += chunk.length;
    return { size: seen.uploaded };
  }),
  endpoint(download, async () => ({
    stream: Readable.from([content.subarray(0, 3), content.subarray(3)], { objectMode: false }),
    mediaType: 'text/csv',
    fileName: 'Über "uns".csv',
    size: 10,
    sha256,
  })),
  endpoint(fail, async ({ params }) => {
    if (params.how === 'conflict') throw new Conflict('flow.taken', 'That name is taken.', { hint: 'Choose another.', details: { slug: 'x' } });
    if (params.how === 'many') throw new TooMany('auth.wait', 'Wait a moment.', { details: { retryAfterSeconds: 7 } });
    if (params.how === 'shape') return { ok: 'yes' as unknown as boolean };
    throw new TypeError('secret-connection-string postgres://user:pw@host');
  }),
  endpoint(edit, async () => ({ ok: true })),
  endpoint(stream, async ({ call }) => ticks(call.signal)),
];

const id = '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11';
let server: Listening;
let web: string;
beforeAll(async () => {
  web = await mkdtemp(path.join(tmpdir(), 'tidewheel-web-'));
  await mkdir(path.join(web, 'assets'));
  await writeFile(path.join(web, 'index.html'), '<!doctype html><script>let a = 1</script><title>page</title>');
  await writeFile(path.join(web, 'assets', 'app-1a2b.js'), 'export {}');
  server = await listenFor({
    endpoints,
    webDist: web,
    limits: { uploadBytes: 1_000_000, jsonBytes: 2_000 },
    authenticate: async (call) => (call.headers['authorization'] === 'Bearer good' || call.cookie('tidewheel') === 'good' ? someone : null),
  });
});
afterAll(async () => {
  await server.close();
  await rm(web, { recursive: true });
});

const call = (address: string, init: RequestInit = {}) => fetch(server.origin + address, init);
const post = (address: string, body: unknown, headers: Record<string, string> = { authorization: 'Bearer good' }) =>
  call(address, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

describe('input', () => {
  it('names every fault of path, query and body at once', async () => {
    const answer = await post('/api/echo/nine?limit=99', { name: 'x', steps: [{ use: 3 }], nmae: 1 });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as { code: string; instance: string; faults: { path: string; message: string }[] };
    expect(problem.code).toBe('request.invalid');
    expect(problem.instance).toBe(answer.headers.get('x-request-id'));
    expect(problem.faults.map((fault) => fault.path).sort()).toEqual(['name', 'nmae', 'path.id', 'query.limit', 'steps.0.use']);
    expect(Object.fromEntries(problem.faults.map((fault) => [fault.path, fault.message]))).toEqual({
      'path.id': 'must be a UUID',
      'query.limit': 'must be at most 10',
      name: 'must have at least 2 characters',
      nmae: 'unknown key "nmae"; did you mean "name"?',
      'steps.0.use': 'must be a text',
    });
  });
  it.each([
    [{}, [{ path: 'name', message: 'is missing' }]],
    [undefined, [{ path: 'body', message: 'is missing' }]],
    [{ name: 'Ada', steps: [{}] }, [{ path: 'steps.0.use', message: 'is missing' }]],
    [{ name: 'Ada', steps: 'hunter2' }, [{ path: 'steps', message: 'must be a list' }]],
    ['"hunter2"', [{ path: 'body', message: 'must be a mapping of keys to values' }]],
  ])('says in plain words what is wrong with %j, and repeats no value', async (body, faults) => {
    const answer = await post(`/api/echo/${id}`, body ?? '');
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(JSON.parse(text).faults).toMatchObject(faults);
    expect(text).not.toContain('hunter2');
  });
  it('drops from the answer what the contract does not name', async () => {
    const answer = await post(`/api/echo/${id}`, { name: 'Ada' });
    expect(await answer.json()).toEqual({ name: 'Ada', limit: 5 });
  });
  it.each([
    ['{"name":', 'request.json'],
    ['{"name":"Ada","__proto__":{"admin":true}}', 'request.json'],
    ['"\\ud800"', 'request.invalid'],
    ['{"name":"a\\u0000b"}', 'request.invalid'],
    ['{"name":"a\\ud800b"}', 'request.invalid'],
    ['{"name":"Ada","steps":[{"use":"a","\\u0000":1}]}', 'request.invalid'],
    ['['.repeat(900) + ']'.repeat(900), 'request.invalid'],
  ])('refuses %s', async (body, code) => {
    const answer = await post(`/api/echo/${id}`, body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code]);
  });
  it('refuses another media type, a body that is too large and one that is not UTF-8', async () => {
    const headers = { authorization: 'Bearer good', 'content-type': 'text/xml' };
    expect(await (await call(`/api/echo/${id}`, { method: 'POST', body: '<a/>', headers })).json()).toMatchObject({ code: 'request.media_type' });
    expect((await post(`/api/echo/${id}`, { name: 'x'.repeat(3_000) })).status).toBe(413);
    const broken = await call(`/api/echo/${id}`, {
      method: 'POST',
      body: Buffer.from([0x22, 0xff, 0x22]),
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect(await broken.json()).toMatchObject({ status: 400, code: 'request.encoding' });
  });
  it('streams an upload of any media type and stops one that is too large', async () => {
    const fits = await call('/api/upload', { method: 'PUT', body: Buffer.alloc(900_000), headers: { 'content-type': 'application/json' } });
    expect(await fits.json()).toEqual({ size: 900_000 });
    const chunks = (async function* () {
      for (let n = 0; n < 40; n++) yield Buffer.alloc(50_000);
    })();
    const init = { method: 'PUT', body: Readable.toWeb(Readable.from(chunks)), duplex: 'half' } as unknown as RequestInit;
    const outcome = await call('/api/upload', init).then(
      (answer) => answer.status,
      () => 'connection closed',
    );
    expect([413, 'connection closed']).toContain(outcome);
    expect(seen.uploaded).toBeLessThanOrEqual(1_000_000);
  });
});

describe('errors', () => {
  it('maps ours with code, hint and details', async () => {
    const answer = await call('/api/fail/conflict');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      type: 'urn:tidewheel:error:flow.taken',
      title: 'Conflict',
      status: 409,
      detail: 'That name is taken.',
      code: 'flow.taken',
      hint: 'Choose another.',
      details: { slug: 'x' },
    });
  });
  it('says how long to wait', async () => {
    expect((await call('/api/fail/many')).headers.get('retry-after')).toBe('7');
  });
  it.each(['unexpected', 'shape'])('tells of our own defect (%s) nothing but a reference', async (how) => {
    const answer = await call(`/api/fail/${how}`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toMatch(/postgres|TypeError|contract|\.ts/);
    expect(server.logged()).toContain((JSON.parse(text) as { instance: string }).instance);
  });
  it('answers unknown addresses and broken escapes with a problem', async () => {
    expect(await (await call('/api/nothing/here', { headers: { accept: 'text/html' } })).json()).toMatchObject({
      status: 404,
      code: 'request.unknown_address',
    });
    // Too long a part is refused by the router, or falls through to the web files where there are some.
    expect(await (await call(`/api/fail/${'x'.repeat(600)}`)).json()).toMatchObject({ code: expect.stringMatching(/^request\./) });
    expect(await (await call('/api/fail/%zz')).json()).toMatchObject({ status: 400, code: 'request.address' });
  });
  it('answers what is no HTTP at all with a problem', async () => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1.1 400[\s\S]*problem\+json[\s\S]*request.malformed/);
    socket.destroy();
  });
});

describe('access', () => {
  it('asks for a signed-in user, then for the permission', async () => {
    expect((await post('/api/edit', {}, {})).status).toBe(401);
    expect((await post('/api/edit', {}, { authorization: 'Bearer wrong' })).status).toBe(401);
    const refused = await post('/api/edit', {});
    expect([refused.status, ((await refused.json()) as { details: unknown }).details]).toEqual([403, { permission: 'flow.edit', why: [] }]);
  });
  it('refuses a change that rides on a cookie without proof of the same origin', async () => {
    const address = `/api/echo/${id}`;
    const body = { name: 'Ada' };
    const status = async (headers: Record<string, string>) => (await post(address, body, headers)).status;
    const cookie = 'tidewheel=good';
    expect(await status({ cookie })).toBe(403);
    expect(await status({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await status({ cookie, origin: 'null' })).toBe(403);
    expect(await status({ cookie, origin: server.origin, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ cookie, origin: server.origin })).toBe(200);
    expect(await status({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });
});

describe('downloads', () => {
  it('carry their name, hash and size', async () => {
    const answer = await call('/api/download');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(content);
    expect(answer.headers.get('etag')).toBe(`"${sha256}"`);
    expect(answer.headers.get('repr-digest')).toBe(`sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="?ber \\"uns\\".csv"; filename*=UTF-8''%C3%9Cber%20%22uns%22.csv`);
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });
  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=3-400', 206, '3456789', 'bytes 3-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('answer the range %s', async (range, status, text, contentRange) => {
    const answer = await call('/api/download', { headers: { range } });
    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([status, text, contentRange]);
  });
  it('are not sent again to who has them, and only described to HEAD', async () => {
    expect((await call('/api/download', { headers: { 'if-none-match': `W/"x", "${sha256}"` } })).status).toBe(304);
    const head = await call('/api/download', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    expect((await call('/api/download', { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })).status).toBe(200);
  });
});

describe('server-sent events', () => {
  it('flow, and end when the client goes', async () => {
    const stop = new AbortController();
    const answer = await call('/api/stream', { signal: stop.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes('id: 3.0')) break;
    }
    expect(text).toContain('event: event\nid: 2.0\ndata: {"n":2}\n\n');
    stop.abort();
    await expect.poll(() => seen.streamEnded).toBe(true);
  });
  it('end when the server closes', async () => {
    const other = await listenFor({ endpoints });
    const answer = await fetch(`${other.origin}/api/stream`);
    const whole = answer.text();
    await other.close();
    expect(await whole).toContain('id: 1.0');
  });
});

describe('closing', () => {
  it('does not wait for connections that never asked anything, but for an answer on its way', async () => {
    const other = await listenFor({ endpoints });
    const early = connect(Number(new URL(other.origin).port), '127.0.0.1');
    await once(early, 'connect');
    const size = 500_000;
    const upload = fetch(`${other.origin}/api/upload`, {
      method: 'PUT',
      duplex: 'half',
      body: Readable.toWeb(Readable.from(slowly(size))),
    } as unknown as RequestInit);
    await sleep(50);
    // It would wait without end: the early connection asks nothing and stays open.
    await other.close();
    expect(await (await upload).json()).toEqual({ size });
  });
});

async function* slowly(size: number) {
  for (let sent = 0; sent < size; sent += 100_000) {
    yield Buffer.alloc(100_000);
    await sleep(60);
  }
}

describe('web files', () => {
  it('serves the page for navigations only, with a policy that names its own inline script', async () => {
    const page = await call('/runs/123', { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>page')]);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^ ]+=';.*frame-ancestors 'none'/);
    expect((await call('/runs/123')).status).toBe(404);
    expect((await call('/')).status).toBe(200);
  });
  it('says that it is being built while another start builds it, and is there again afterwards', async () => {
    const [page, away] = [path.join(web, 'index.html'), path.join(web, 'away.html')];
    await rename(page, away);
    const answer = await call('/', { headers: { accept: 'text/html' } });
    expect([answer.status, await answer.json()]).toEqual([502, expect.objectContaining({ code: 'web.being_built' })]);
    await rename(away, page);
    expect((await call('/')).status).toBe(200);
  });
  it('keeps assets for ever and a missing one missing', async () => {
    const asset = await call('/assets/app-1a2b.js');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await call('/assets/app-gone.js', { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await call('/assets/')).status).toBe(404);
    expect((await call('/assets')).status).toBe(404);
    expect((await call('/../mount.ts')).status).toBe(404);
    expect((await call('/%2e%2e/%2e%2e/etc/passwd')).status).toBe(404);
  });
});

describe("a cookie and the caller's address", () => {
  const enter = defineRoute({
    ...shared,
    name: 'test.enter',
    method: 'POST',
    path: '/api/enter',
    access: 'open',
    response: z.object({ address: z.string(), had: z.string().nullable() }),
  });
  const entrance = endpoint(enter, async ({ call }) => {
    call.setCookie('tidewheel', 'value', { maxAgeSeconds: 60 });
    return { address: call.address, had: call.cookie('tidewheel') ?? null };
  });
  const at = async (publicUrl: string | undefined, trustedProxies: string[], headers: Record<string, string>) => {
    const other = await listenFor({ endpoints: [entrance], settings: { host: '127.0.0.1', port: 0, publicUrl, trustedProxies } });
    const answer = await fetch(`${other.listening}/api/enter`, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin', ...headers } });
    const body = (await answer.json()) as { address: string; had: string | null };
    await other.close();
    return { body, cookie: answer.headers.getSetCookie()[0], hsts: answer.headers.get('strict-transport-security') };
  };
  it('is bound to the host on https, and only read by that name', async () => {
    const secure = await at('https://tidewheel.example', [], { cookie: 'tidewheel=planted; __Host-tidewheel=own' });
    expect(secure.cookie).toBe('__Host-tidewheel=value; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure');
    expect(secure.body.had).toBe('own');
    expect(secure.hsts).toContain('max-age');
    expect((await at(undefined, [], { cookie: 'tidewheel=own' })).body.had).toBe('own');
  });
  it('believes X-Forwarded-For from a configured proxy only', async () => {
    const forwarded = { 'x-forwarded-for': '1.2.3.4, 203.0.113.9' };
    expect((await at(undefined, [], forwarded)).body.address).toBe('127.0.0.1');
    expect((await at(undefined, ['10.0.0.0/8'], forwarded)).body.address).toBe('127.0.0.1');
    expect((await at(undefined, ['127.0.0.0/8'], forwarded)).body.address).toBe('203.0.113.9');
  });
});

describe('the port', () => {
  it('is refused clearly when taken, or replaced when asked', async () => {
    const port = Number(new URL(server.origin).port);
    const taken = { host: '127.0.0.1', port, publicUrl: undefined };
    await expect(listenFor({ endpoints: [], settings: taken })).rejects.toMatchObject({ code: 'http.port_in_use' });
  });
  it('logs no query', async () => {
    await call(`/api/download?token=tw_verysecret`);
    await expect.poll(() => server.logged()).toContain('/api/download');
    expect(server.logged()).not.toContain('verysecret');
  });
});
