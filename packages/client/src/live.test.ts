import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotSignedIn, Unreachable } from '@tidewheel/contract/errors';
import type { LiveRequest } from '@tidewheel/contract/live';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { backoffMs } from './backoff.ts';
import { createClient } from './client.ts';
import { type Live, openLive } from './live.ts';
import { followRunBySse } from './sse.ts';

const run = '01890000-0000-7000-8000-000000000001';
type Behave = (socket: WebSocket, request: LiveRequest, connection: number) => void;

let http: Server;
let origin: string;
let live: Live | undefined;
let requests: { connection: number; request: LiveRequest; authorization: string | undefined }[];
let behave: Behave;

beforeEach(async () => {
  requests = [];
  http = createServer();
  const sockets = new WebSocketServer({ server: http, path: '/api/live' });
  let connections = 0;
  sockets.on('connection', (socket, request) => {
    const connection = ++connections;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as LiveRequest;
      requests.push({ connection, request: message, authorization: request.headers.authorization });
      behave(socket, message, connection);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(() => {
  live?.close();
  http.closeAllConnections();
  http.close();
});

function event(seq: number, type = 'step.progressed') {
  return { run, seq, at: '2026-01-01T00:00:00.000Z', type, step: null, data: {} };
}
function line(seq: number) {
  return { run, seq, step: null, attempt: 1, at: '2026-01-01T00:00:00.000Z', level: 'info', text: `line ${seq}` };
}
function send(socket: WebSocket, id: number, ...seqs: number[]): void {
  for (const seq of seqs) {
    socket.send(JSON.stringify({ type: 'event', id, event: event(seq, seq === 6 ? 'run.succeeded' : undefined) }));
    socket.send(JSON.stringify({ type: 'log', id, line: line(seq) }));
  }
}
function subscribed(request: LiveRequest): { id: number; after: number } {
  return request as { id: number; after: number };
}
async function collect(count: number): Promise<{ events: number[]; logs: number[]; states: string[] }> {
  const seen = { events: [] as number[], logs: [] as number[], states: [] as string[] };
  await new Promise<void>((resolve, reject) => {
    const check = (_length: number) => seen.events.length >= count && seen.logs.length >= count && resolve();
    live?.followRun(
      { run },
      {
        onEvent: ({ seq }) => check(seen.events.push(seq)),
        onLog: ({ seq }) => check(seen.logs.push(seq)),
        onState: (state) => seen.states.push(state),
        onError: reject,
      },
    );
  });
  return seen;
}

test('after a lost connection it asks again from the last event seen: nothing skipped, nothing doubled', async () => {
  behave = (socket, request, connection) => {
    const { id, after } = subscribed(request);
    if (connection === 1) send(socket, id, 1, 2, 3);
    if (connection === 1) socket.terminate();
    // The second connection repeats one on purpose: the reader must drop it.
    else send(socket, id, ...[1, 2, 3, 4, 5, 6].filter((seq) => seq >= after));
  };
  live = openLive({ origin, token: 'tok' });
  expect(await collect(6)).toEqual({ events: [1, 2, 3, 4, 5, 6], logs: [1, 2, 3, 4, 5, 6], states: ['succeeded'] });
  expect(requests.map(({ connection, request }) => [connection, request])).toMatchObject([
    [1, { type: 'subscribe', to: 'run', run, after: 0, afterLog: 0 }],
    [2, { after: 3, afterLog: 3 }],
  ]);
  expect(requests[0]?.authorization).toBe('Bearer tok');
});

test('a gap in the numbers is asked for again', async () => {
  behave = (socket, request, connection) => {
    if (request.type !== 'subscribe') return;
    const { id, after } = subscribed(request);
    expect(connection).toBe(1);
    send(socket, id, ...(after === 0 ? [1, 2, 5, 6] : [3, 4, 5, 6]));
  };
  live = openLive({ origin });
  const seen = await collect(6);
  expect(seen.events).toEqual([1, 2, 3, 4, 5, 6]);
  expect(requests.map(({ request }) => request.type)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
});

test('many subscriptions share the connection; each ends alone; the list says when it may have missed something', async () => {
  let resumed = 0;
  const runs: string[] = [];
  behave = (socket, request, connection) => {
    if (request.type === 'subscribe' && request.to === 'runs') {
      socket.send(JSON.stringify({ type: 'run', id: request.id, run: { id: `run-of-${connection}` } }));
      if (connection === 1) setTimeout(() => socket.terminate(), 20);
    }
  };
  live = openLive({ origin });
  const stop = live.followRun({ run }, {});
  await new Promise<void>((resolve) => live?.followRuns({ onRun: (item) => runs.push(item.id) === 2 && resolve(), onResume: () => resumed++ }));
  stop();
  await expect
    .poll(() => requests.filter(({ connection }) => connection === 2).map(({ request }) => request.type))
    .toEqual(['subscribe', 'subscribe', 'unsubscribe']);
  expect({ runs, resumed }).toEqual({ runs: ['run-of-1', 'run-of-2'], resumed: 1 });
});

test('an error of one subscription reaches it alone', async () => {
  behave = (socket, request) => socket.send(JSON.stringify({ type: 'error', id: subscribed(request).id, code: 'run.unknown', message: 'no such run' }));
  live = openLive({ origin });
  const error = await new Promise((resolve) => live?.followRun({ run }, { onError: resolve }));
  expect(error).toMatchObject({ code: 'run.unknown', message: 'no such run' });
  expect(live.status).toBe('open');
});

test('a failure of the server itself is asked again from the cursor', async () => {
  behave = (socket, request) => {
    const { id, after } = subscribed(request);
    if (after === 0) {
      send(socket, id, 1, 2);
      socket.send(JSON.stringify({ type: 'error', id, code: 'bug', message: 'Something went wrong on our side; subscribe again.' }));
    } else send(socket, id, 3, 4, 5, 6);
  };
  live = openLive({ origin });
  expect(await collect(6)).toMatchObject({ events: [1, 2, 3, 4, 5, 6] });
  expect(requests.map(({ connection, request }) => [connection, subscribed(request).after])).toEqual([
    [1, 0],
    [1, 2],
  ]);
});

test('a refusal is final', async () => {
  behave = (socket) => socket.close(4401, 'signed out');
  live = openLive({ origin });
  const error = await new Promise((resolve) => live?.followRun({ run }, { onError: resolve }));
  expect(error).toMatchObject({ code: 'live.refused', status: 401 });
  expect(live.status).toBe('refused');
});

test('a token that ended after a while is replaced and it goes on; one that is refused at once is not tried again', async () => {
  const tokens = ['access-1', 'access-2'];
  const opened: string[] = [];
  behave = (socket, request, connection) => {
    opened.push(requests.at(-1)?.authorization ?? '');
    if (connection === 1) {
      // A quarter of an hour later, for the client's clock.
      vi.setSystemTime(Date.now() + 15 * 60_000);
      socket.close(4401, 'signed out');
    } else send(socket, subscribed(request).id, 1, 2, 3, 4, 5, 6);
  };
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  try {
    live = openLive({ origin, auth: { token: async () => tokens[opened.length] ?? 'none' } });
    expect(await collect(6)).toMatchObject({ events: [1, 2, 3, 4, 5, 6] });
  } finally {
    vi.useRealTimers();
  }
  expect(opened).toEqual(['Bearer access-1', 'Bearer access-2']);
  live.close();
  behave = (socket) => socket.close(4401, 'signed out');
  live = openLive({ origin, auth: { token: async () => 'access-3' } });
  const error = await new Promise((resolve) => live?.followRun({ run }, { onError: resolve }));
  expect([error, live.status]).toEqual([expect.objectContaining({ code: 'live.refused' }), 'refused']);
});

test('no token to be had: a session that has ended refuses, a server that is away is waited for', async () => {
  live = openLive({ origin, auth: { token: () => Promise.reject(new NotSignedIn('auth.refresh_refused', 'ended')) } });
  const error = await new Promise((resolve) => live?.followRun({ run }, { onError: resolve }));
  expect([error, live.status]).toEqual([expect.objectContaining({ code: 'live.refused' }), 'refused']);
  live.close();
  let asked = 0;
  behave = (socket, request) => send(socket, subscribed(request).id, 1, 2, 3, 4, 5, 6);
  live = openLive({ origin, auth: { token: async () => (asked++ === 0 ? Promise.reject(new Unreachable('server.unreachable', 'away')) : 'access') } });
  expect(await collect(6)).toMatchObject({ states: ['succeeded'] });
});

test('the wait before a new attempt grows to ten seconds and varies', () => {
  expect([0, 1, 2, 20].map((attempt) => backoffMs(attempt, () => 1))).toEqual([250, 500, 1_000, 10_000]);
  expect(backoffMs(3, () => 0)).toBe(400);
});

test('server-sent events: resumes after the connection broke and stops at the end of the run', async () => {
  const asked: (string | undefined)[] = [];
  http.on('request', (request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const frame = (name: string, data: unknown) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    if (asked.length === 1) {
      frame('event', event(1));
      frame('log', line(1));
      setTimeout(() => response.destroy(), 20);
    } else {
      frame('event', event(1));
      frame('event', event(2, 'run.failed'));
      response.end('event: end\ndata: {}\n\n');
    }
  });
  const events: number[] = [];
  const state = await new Promise((resolve, reject) =>
    followRunBySse(createClient({ origin }), { run }, { onEvent: ({ seq }) => events.push(seq), onState: resolve, onError: reject }),
  );
  expect({ state, events }).toEqual({ state: 'failed', events: [1, 2] });
  expect(asked).toEqual([`/api/runs/${run}/stream?after=0&afterLog=0`, `/api/runs/${run}/stream?after=1&afterLog=1`]);
});
