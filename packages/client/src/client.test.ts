import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conflict, InvalidInput, NotFound, TooMany, Unreachable } from '@tidewheel/contract/errors';
import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { faultsOf, requestIdOf } from './problem-error.ts';
import { downloadArtifact, listRuns, revokeToken, showFlow, showRun, startRun, uploadFile } from './routes.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(handle: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void): Promise<string> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => handle(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
function echo(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: body.toString() }));
}

test('encodes path parameters, leaves out undefined query values, sends the token', async () => {
  const client = createClient({ origin: `${await serve(echo)}/`, token: 'secret' });
  expect(await client.call(showFlow, { params: { slug: 'a/b?c' }, query: { version: undefined } })).toMatchObject({
    method: 'GET',
    url: '/api/flows/a%2Fb%3Fc',
    headers: { authorization: 'Bearer secret', accept: 'application/json' },
  });
  expect(await client.call(listRuns, { query: { limit: 5, flow: 'x y' } })).toMatchObject({ url: '/api/runs?limit=5&flow=x+y' });
  expect(await client.call(listRuns)).toMatchObject({ url: '/api/runs', body: '' });
});

test('refuses a path parameter that would change the address', async () => {
  const client = createClient({ origin: 'http://127.0.0.1:1' });
  for (const slug of ['', '.', '..']) await expect(client.call(showFlow, { params: { slug } })).rejects.toMatchObject({ code: 'client.parameter' });
});

test('sends JSON, bytes, blobs and streams', async () => {
  const client = createClient({ origin: await serve(echo) });
  expect(await client.call(startRun, { params: { slug: 'x' }, body: { parameters: { day: '2026-01-02' } } })).toMatchObject({
    body: '{"parameters":{"day":"2026-01-02"}}',
    headers: { 'content-type': 'application/json' },
  });
  const upload = { params: { slug: 'x' }, query: { name: 'x.csv' } };
  const bodies = [new TextEncoder().encode('a,b'), new Blob(['a,b']), new Blob(['a,b']).stream()];
  for (const body of bodies)
    expect(await client.call(uploadFile, { ...upload, body })).toMatchObject({
      method: 'PUT',
      body: 'a,b',
      headers: { 'content-type': 'application/octet-stream' },
    });
});

test('downloads as a response whose body the caller reads', async () => {
  const client = createClient({ origin: await serve((_request, _body, response) => response.setHeader('etag', '"abc"').end('content')) });
  const response = await client.download(downloadArtifact, { params: { id: 'i' } });
  expect(response.headers.get('etag')).toBe('"abc"');
  expect(await response.text()).toBe('content');
});

test('an answer without content is undefined', async () => {
  const client = createClient({ origin: await serve((_request, _body, response) => response.writeHead(204).end()) });
  expect(await client.call(revokeToken, { params: { id: 'i' } })).toBeUndefined();
});

test.each([
  [400, InvalidInput],
  [404, NotFound],
  [409, Conflict],
  [429, TooMany],
])('problem+json of status %i becomes its class', async (status, Class) => {
  const problem = {
    type: 'urn:x',
    title: 't',
    status,
    detail: 'what was wrong',
    code: 'flow.some',
    hint: 'do this',
    instance: 'req-1',
    faults: [{ path: 'steps.a', message: 'bad', line: 3 }],
    details: { n: 1 },
  };
  const client = createClient({
    origin: await serve((_request, _body, response) => response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))),
  });
  const error = await client.call(showRun, { params: { id: 'i' } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Class);
  const rebuilt = error as InvalidInput;
  expect(rebuilt).toMatchObject({ code: 'flow.some', message: 'what was wrong', hint: 'do this', details: { n: 1 } });
  expect(faultsOf(rebuilt)).toEqual(problem.faults);
  expect(requestIdOf(rebuilt)).toBe('req-1');
});

test('nobody there, a proxy in front, an answer that is no JSON: each is told apart and says what to do', async () => {
  await expect(createClient({ origin: 'http://127.0.0.1:1' }).call(listRuns)).rejects.toMatchObject({
    code: 'server.unreachable',
    retryable: true,
    hint: expect.stringContaining('server runs'),
  });
  const proxy = await serve((request, _body, response) =>
    request.url === '/api/runs' ? response.writeHead(503).end('<h1>Bad gateway</h1>') : response.end('<html>'),
  );
  const failing = createClient({ origin: proxy });
  await expect(failing.call(listRuns)).rejects.toBeInstanceOf(Unreachable);
  await expect(failing.call(listRuns)).rejects.toMatchObject({ code: 'server.failed' });
  await expect(failing.call(showRun, { params: { id: 'i' } })).rejects.toMatchObject({ code: 'server.answer' });
});

test('an answer that breaks off half way is unreachable, not a parse error', async () => {
  const origin = await serve((_request, _body, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"items":[');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(createClient({ origin }).call(listRuns)).rejects.toMatchObject({ code: 'server.unreachable' });
});

test('an abort by the caller stays an abort', async () => {
  const client = createClient({ origin: await serve(() => undefined) });
  const signal = AbortSignal.timeout(30);
  await expect(client.call(listRuns, {}, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
});
