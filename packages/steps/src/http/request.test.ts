import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loopback } from '../../../kit/src/testing/allow-loopback.ts';
import { http } from '../connectors/http.connector.ts';
import { certificateFor } from '../sql/testing/postgres-server.ts';
import { retryAfter } from './http-send.ts';
import { HttpConfig, HttpSecret } from './http-settings.ts';
import { httpRequest } from './request.step.ts';

type Handler = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;
let handle: Handler = (_, response) => response.end();
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
const listener = (request: IncomingMessage, response: ServerResponse) => {
  request.on('error', () => {});
  response.on('error', () => {});
  void text(request).then(
    (body) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      handle(Object.assign(request, { body }), response);
    },
    () => {},
  );
};
const server = createServer(listener);
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => void seen.splice(0));

const json = (response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};
const options = (config: object = {}, secret: Record<string, string> | null = null, more: Partial<HarnessOptions> = {}): HarnessOptions => ({
  connections: { api: { type: 'http', config: { url: `${base}/v1`, ...config }, secret } },
  ...more,
});
const call = (config: object, given: HarnessOptions = options()) => runStep(httpRequest, { connection: 'api', ...config } as never, given);
const value = async (config: object, given?: HarnessOptions) => {
  await using outcome = await call(config, given);
  return outcome.result.value as Record<string, unknown>;
};

describe('http.request', () => {
  it('puts path, query, headers and body together, and gives JSON as a value', async () => {
    handle = (_, response) => json(response, { ok: true, name: 'é' });
    const got = await value(
      { url: 'orders/1?x=1', query: { q: 'a b&c', lang: 'é' }, headers: { 'X-Mine': 'yes' } },
      options({ headers: { accept: 'application/json' } }),
    );
    expect(got).toMatchObject({ status: 200, body: { ok: true, name: 'é' }, pages: 1, file: null });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/v1/orders/1?x=1&q=a+b%26c&lang=%C3%A9', headers: { 'x-mine': 'yes', accept: 'application/json' } });
    await value(
      { method: 'POST', url: '/new', body: { as: 'json', value: 'the.value' } },
      options({}, null, { expressions: { 'the.value': { a: [1, null] } } }),
    );
    expect(seen[1]).toMatchObject({ body: '{"a":[1,null]}', headers: { 'content-type': 'application/json', 'idempotency-key': 'harness:http.request' } });
    await value({ method: 'POST', url: '/new', body: { as: 'form', fields: { a: 'x y', b: '&' } } });
    expect(seen[2]?.body).toBe('a=x+y&b=%26');
    const files = { input: { files: [{ name: 'a "b".csv', mediaType: 'text/csv', content: 'x,y\n' }] } };
    await value({ method: 'PUT', url: '/file', body: { as: 'file' } }, options({}, null, { inputs: files }));
    expect(seen[3]).toMatchObject({ body: 'x,y\n', headers: { 'content-type': 'text/csv', 'content-length': '4' } });
    await value({ method: 'POST', url: '/up', body: { as: 'multipart', fields: { note: 'hi' } } }, options({}, null, { inputs: files }));
    expect(seen[4]?.body).toMatch(
      /name="note"\r\n\r\nhi\r\n[\s\S]*name="file"; filename="a %22b%22.csv"\r\nContent-Type: text\/csv\r\n\r\nx,y\n\r\n--tidewheel-/,
    );
    await expect(call({ method: 'PUT', body: { as: 'file' } })).rejects.toMatchObject({ code: 'http.file' });
  });

  it('signs in each way, to its own address alone', async () => {
    handle = (_, response) => json(response, {});
    await value({}, options({ auth: 'basic', user: 'u' }, { password: 'pass' }));
    await value({}, options({ auth: 'bearer' }, { apiKey: 'token' }));
    await value({}, options({ auth: 'header', header: 'X-Key' }, { apiKey: 'token' }));
    expect(seen.map(({ headers }) => headers.authorization ?? headers['x-key'])).toEqual([`Basic ${btoa('u:pass')}`, 'Bearer token', 'token']);
    await expect(call({}, options({ auth: 'bearer' }))).rejects.toMatchObject({ code: 'http.no_secret' });
    for (const url of ['../admin', '/../admin', `${base}/other`, 'http://127.0.0.1:1/v1', '%2e%2e/admin', 'a/%2e%2e%2f..%2fadmin'])
      await expect(call({ url })).rejects.toMatchObject({ code: 'http.elsewhere' });
    expect(HttpConfig.safeParse({ url: 'https://u:p@h/' }).success).toBe(false);
    expect(HttpConfig.safeParse({ url: 'https://h/', auth: 'oauth2' }).success).toBe(false);
  });

  it('keeps an access token until its end, and asks for another when it was taken back', async () => {
    let tokens = 0;
    let revoked = false;
    handle = (request, response) => {
      if (request.url === '/token') return json(response, { access_token: `token${++tokens}`, expires_in: 3600 });
      if (revoked && request.headers.authorization === 'Bearer token1') return json(response, {}, 401);
      json(response, { by: request.headers.authorization });
    };
    const given = () => options({ auth: 'oauth2', tokenUrl: `${base}/token`, clientId: 'me', scopes: ['read', 'write'] }, { clientSecret: 'secret+/' });
    expect((await value({}, given())).body).toEqual({ by: 'Bearer token1' });
    expect((await value({}, given())).body).toEqual({ by: 'Bearer token1' });
    expect(tokens).toBe(1);
    expect(seen[0]).toMatchObject({ body: 'grant_type=client_credentials&scope=read+write', headers: { authorization: `Basic ${btoa('me:secret%2B%2F')}` } });
    revoked = true;
    const renewed = newTrace();
    expect((await value({}, { ...given(), trace: renewed })).body).toEqual({ by: 'Bearer token2' });
    expect(renewed.secrets).toEqual(['token1', 'token2']);
    handle = (_, response) => json(response, { error: 'invalid_client' }, 401);
    await expect(call({}, options({ auth: 'oauth2', tokenUrl: `${base}/token`, clientId: 'other' }, { clientSecret: 'wrong' }))).rejects.toMatchObject({
      code: 'http.token',
      retryable: false,
    });
  });

  it('tries again what cannot harm, when the service says so, and nothing else', async () => {
    let calls = 0;
    handle = (_, response) => (++calls < 3 ? json(response, {}, 503, { 'retry-after': '0' }) : json(response, { calls }));
    expect((await value({})).body).toEqual({ calls: 3 });
    calls = 0;
    await expect(call({ method: 'POST' })).rejects.toMatchObject({ code: 'http.status', retryable: true });
    expect(calls).toBe(1);
    calls = 0;
    expect((await value({ method: 'POST', retryUnsafe: true, body: { as: 'text', text: 'x' } })).body).toEqual({ calls: 3 });
    handle = (_, response) => json(response, { message: 'no such thing' }, 404);
    await expect(call({})).rejects.toMatchObject({ code: 'http.status', retryable: false, message: expect.stringContaining('no such thing') });
    expect(await value({ expect: { status: [404] } })).toMatchObject({ status: 404 });
    handle = (_, response) => json(response, {}, 429, { 'retry-after': '100000' });
    await expect(call({})).rejects.toMatchObject({ code: 'http.retry_after' });
    expect(retryAfter({ headers: new Headers({ 'retry-after': 'Fri, 20 Nov 2026 10:00:10 GMT' }) }, Date.parse('2026-11-20T10:00:00Z'))).toBe(10_000);
    expect(retryAfter({ headers: new Headers({ 'retry-after': 'soon' }) })).toBeUndefined();
  });

  it('follows pages by link, cursor and number, into one file of rows', async () => {
    handle = (request, response) => {
      const url = new URL(request.url ?? '', base);
      const page = Number(url.searchParams.get('cursor') ?? url.searchParams.get('page') ?? url.searchParams.get('p') ?? 1);
      const link: Record<string, string> =
        url.pathname.endsWith('/link') && page < 3 ? { link: `<${base}/v1/link?p=${page + 1}>; rel="next", <${base}/v1/link?p=1>; rel="first"` } : {};
      json(response, { data: page > 3 ? [] : [{ id: page, t: 'é' }, { id: page * 10 }], meta: { next: page < 3 ? page + 1 : null } }, 200, link);
    };
    for (const config of [
      { url: 'link', pages: { by: 'link' } },
      { url: 'cursor', pages: { by: 'cursor', field: 'meta.next' } },
      { url: 'page', pages: { by: 'page' } },
    ]) {
      await using outcome = await call({ ...config, items: 'data' });
      expect(outcome.result.value).toMatchObject({ items: 6, file: 'items.jsonl', body: null });
      const rows = (await outcome.content(outcome.result.files?.[0] as never))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(rows.map((row) => row.id)).toEqual([1, 10, 2, 20, 3, 30]);
    }
    await expect(call({ url: 'page', pages: { by: 'page' }, items: 'data', maxPages: 2 })).rejects.toMatchObject({ code: 'http.too_many_pages' });
    await expect(call({ url: 'page', pages: { by: 'cursor', field: 'data' }, items: 'data' })).rejects.toMatchObject({ code: 'http.cursor' });
    await expect(call({ url: 'page', items: 'meta' })).rejects.toMatchObject({ code: 'http.no_rows' });
    handle = (_, response) => json(response, [1], 200, { link: '<http://127.0.0.1:1/elsewhere>; rel=next' });
    await expect(call({ pages: { by: 'link' }, items: '' })).rejects.toMatchObject({ code: 'http.elsewhere' });
  });

  it('holds an answer against what is expected', async () => {
    handle = (_, response) => json(response, { state: 'done', n: 5 });
    const given = (holds: unknown) => options({}, null, { expressions: { cond: holds } });
    await value({ expect: { where: 'cond' } }, given(true));
    await expect(call({ expect: { where: 'cond' } }, given(false))).rejects.toMatchObject({ code: 'http.unexpected' });
    await value({ expect: { schema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } } });
    await expect(call({ expect: { schema: { type: 'object', properties: { n: { type: 'string' } }, required: ['n'] } } })).rejects.toMatchObject({
      message: expect.stringContaining('n:'),
    });
    handle = (_, response) => void setTimeout(() => json(response, {}), 50);
    await expect(call({ expect: { maxMs: 20 } })).rejects.toMatchObject({ code: 'http.unexpected', message: expect.stringContaining('20') });
  });

  it('keeps what is large as a file, bounded, and never more than a little in memory', async () => {
    const size = 200_000_000;
    handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      const chunk = Buffer.alloc(1_000_000, 'x');
      let left = size / chunk.length;
      const more = () => {
        while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more);
        response.end();
      };
      more();
    };
    const before = process.memoryUsage().rss;
    await using outcome = await call({ url: 'big.bin' });
    expect(outcome.result).toMatchObject({ artifacts: false, value: { bytes: size, body: null, file: 'big.bin' }, files: [{ size }] });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    await expect(call({ url: 'big.bin', maxBytes: 1_000_000 })).rejects.toMatchObject({ code: 'egress.too_large' });
    await expect(call({ url: 'big.bin', items: 'x' })).rejects.toMatchObject({ code: 'http.page_too_large' });
    handle = (_, response) => json(response, { a: 1 });
    await using saved = await call({ saveAs: 'a.json' });
    expect(saved.result).toMatchObject({ artifacts: true, value: { body: null, file: 'a.json' }, files: [{ name: 'a.json', mediaType: 'application/json' }] });
  });

  it('is not led into private ranges or away with the secret, and not held by silence', async () => {
    handle = (request, response) => {
      response.writeHead(302, { location: request.url === '/v1/meta' ? 'http://169.254.169.254/latest' : `http://localhost:${new URL(base).port}/caught` });
      response.end();
    };
    await expect(call({ url: 'meta' })).rejects.toMatchObject({ code: 'egress.denied' });
    const open = handle;
    handle = (request, response) => (request.url === '/caught' ? json(response, { headers: request.headers }) : open(request, response));
    const caught = await value({ url: 'x' }, options({ auth: 'header', header: 'X-Key' }, { apiKey: 'my secret key' }));
    expect(JSON.stringify(caught.body)).not.toContain('my secret key');
    await expect(call({ url: 'x', method: 'POST', body: { as: 'text', text: 'x' }, maxRedirects: 0 })).rejects.toMatchObject({ code: 'http.status' });
    allowEgress([]);
    try {
      await expect(runStep(httpRequest, { url: `${base}/v1` }, {})).rejects.toMatchObject({ code: 'egress.denied' });
      await expect(runStep(httpRequest, { url: 'http://10.0.0.1/' }, {})).rejects.toMatchObject({ code: 'egress.denied' });
    } finally {
      allowEgress(loopback);
    }
    await expect(runStep(httpRequest, { url: 'file:///etc/passwd' }, {})).rejects.toMatchObject({ code: 'http.url' });
    await expect(call({ headers: { 'x-a': 'b\r\nx-c: d' } })).rejects.toMatchObject({ code: 'http.header' });
    handle = () => {};
    await expect(call({ timeoutSeconds: 1, attempts: 1 })).rejects.toMatchObject({ code: 'egress.timeout', retryable: true });
    const cancel = new AbortController();
    const waiting = call({}, options({}, null, { signal: cancel.signal }));
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    cancel.abort(new Error('cancelled by somebody'));
    await expect(waiting).rejects.toThrow('cancelled by somebody');
  });

  it('takes what is no UTF-8 and no JSON as text, and leaves sending out of a dry run', async () => {
    handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(Buffer.from([0x7b, 0xff, 0x00, 0xc3]));
    };
    const got = await value({});
    expect(typeof got.body).toBe('string');
    expect(got.body).not.toContain('\0');
    const before = seen.length;
    await using dry = await call({ method: 'DELETE', url: 'all' }, options({}, null, { isDry: true }));
    expect(dry.logs.at(-1)?.text).toContain('Dry run: would send DELETE');
    expect(seen.length).toBe(before);
  });
});

describe('an HTTP service under TLS', () => {
  it('holds its certificate against the authority, and shows a client certificate', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tw-http-'));
    const [own, mine] = [certificateFor('127.0.0.1', folder), certificateFor('client', folder)].map(({ key, cert }) => ({
      key: readFileSync(key, 'utf8'),
      cert: readFileSync(cert, 'utf8'),
    }));
    const secure = createTlsServer({ ...own, ca: mine?.cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      json(response, { known: (request.socket as unknown as { authorized: boolean }).authorized });
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    try {
      const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      await expect(call({ attempts: 1 }, options({ url }))).rejects.toMatchObject({ code: 'egress.failed' });
      expect((await value({}, options({ url, ca: own?.cert }))).body).toEqual({ known: false });
      expect((await value({}, options({ url, verify: false }))).body).toEqual({ known: false });
      expect((await value({}, options({ url, ca: own?.cert, auth: 'certificate', certificate: mine?.cert }, { privateKey: mine?.key ?? '' }))).body).toEqual({
        known: true,
      });
    } finally {
      secure.closeAllConnections();
      secure.close();
      await rm(folder, { recursive: true });
    }
  });

  it('is tested check by check', async () => {
    const test = async (config: object, secret: object | null = null) =>
      http.test(
        { config: HttpConfig.parse({ url: `${base}/v1`, ...config }), secret: secret && HttpSecret.parse(secret) },
        { signal: new AbortController().signal, log: () => {} },
      );
    handle = (request, response) => json(response, {}, request.headers.authorization === 'Bearer good token' ? 200 : 401);
    expect(await test({ auth: 'bearer' }, { apiKey: 'good token' })).toMatchObject({
      ok: true,
      checks: [{ name: 'DNS' }, { name: 'port' }, { name: 'sign-in' }, { name: 'answer' }],
    });
    expect((await test({ auth: 'bearer' }, { apiKey: 'wrong token' })).checks.at(-1)).toMatchObject({ name: 'answer', ok: false });
    expect((await test({ auth: 'bearer' })).checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false });
    expect((await test({ url: 'http://127.0.0.1:1' })).checks.at(-1)).toMatchObject({ name: 'port', ok: false });
  });
});
