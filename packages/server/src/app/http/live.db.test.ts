// The live channel and the event stream, over sockets, with real sign-in and a real database.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveMessage } from '@tidewheel/contract/live';
import type { Me } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ControlService } from '../../engine/control/control.service.ts';
import { EngineFeed } from '../../engine/control/engine-feed.ts';
import { JobQueue } from '../../engine/worker/job-queue.ts';
import { streamEndpoints } from '../../platform/events/events.routes.ts';
import { type Feeds, openFeeds } from '../../platform/events/feeds.ts';
import { notificationEndpoints } from '../../platform/events/notification.routes.ts';
import { otherWorkspace, summariesFrom, writeRun } from '../../platform/events/testing/written-run.ts';
import { createIdentity } from '../../platform/identity/create-identity.ts';
import { Visitor } from '../../platform/identity/testing/visitor.ts';
import { createMailer } from '../../platform/mail/outbox.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { liveChannel } from './live.ts';
import { type Listening, listenFor } from './testing/listening.ts';

let database: FreshDatabase;
let feeds: Feeds;
let queue: JobQueue;
let objects: string;
let server: Listening;
let admin: Visitor;
let token: string;
beforeAll(async () => {
  database = await freshDatabase({ size: 10 });
  const log = pino({ level: 'silent' });
  const identity = await createIdentity({
    databases: database.databases,
    mailer: createMailer({ databases: database.databases, masterKey: database.address.masterKey }),
    masterKey: database.address.masterKey,
    log,
  });
  objects = await mkdtemp(path.join(tmpdir(), 'tidewheel-live-'));
  feeds = await openFeeds({
    databases: database.databases,
    objects: await createLocalStore(objects),
    readRuns: summariesFrom(database.databases),
    countUnread: async () => 0,
    log,
  });
  const endpoints = [
    ...identity.endpoints,
    ...notificationEndpoints({ databases: database.databases }),
    ...streamEndpoints({ feed: feeds.runs, authenticate: identity.authenticate }),
  ];
  queue = await JobQueue.open({ pool: database.databases.enginePool, supervise: false, onError: () => {} });
  const control = new ControlService({ databases: database.databases, queue });
  const live = liveChannel({
    feeds: { ...feeds, engine: new EngineFeed({ control, everyMs: 50 }) },
    log,
    limits: { checkEveryMs: 200, freshMs: 50, stalledMs: 700, bufferedBytes: 200_000, subscriptions: 5 },
  });
  server = await listenFor({ endpoints, authenticate: identity.authenticate, live });
  admin = new Visitor(server.origin);
  const link = await identity.firstLink();
  await admin.call<Me>('POST', `/api/auth/links/${link?.split('/').at(-1)}`, {
    email: 'ada@example.com',
    name: 'Ada',
    password: 'correct horse battery staple',
  });
  ({ token } = (await admin.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'live' })).body);
});
afterAll(async () => {
  await server.close();
  await feeds.close();
  await queue.close();
  await database.drop();
  await rm(objects, { recursive: true, force: true });
});

const url = () => `${server.origin.replace('http', 'ws')}/api/live`;
const asBrowser = () => ({ cookie: admin.cookie ?? '', origin: server.origin });

class Channel {
  readonly got: LiveMessage[] = [];
  readonly socket: WebSocket;
  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.got.push(JSON.parse(data.toString()) as LiveMessage));
  }
  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  events(id: number): number[] {
    return this.got.flatMap((message) => (message.type === 'event' && message.id === id ? [message.event.seq] : []));
  }
  lines(id: number): number[] {
    return this.got.flatMap((message) => (message.type === 'log' && message.id === id ? [message.line.seq] : []));
  }
}
async function open(headers: Record<string, string>): Promise<Channel> {
  const socket = new WebSocket(url(), { headers });
  await once(socket, 'open');
  return new Channel(socket);
}
async function refusal(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url(), { headers });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('open', () => reject(new RangeError('it opened')));
    socket.on('error', () => {});
  });
}

describe('the door', () => {
  it('is shut to strangers and to foreign pages', async () => {
    expect(await refusal({})).toBe(401);
    expect(await refusal({ cookie: 'tidewheel=wrong', origin: server.origin })).toBe(401);
    expect(await refusal({ authorization: 'Bearer tw_wrong' })).toBe(401);
    expect(await refusal({ ...asBrowser(), origin: 'https://evil.example' })).toBe(403);
    expect(await refusal({ cookie: admin.cookie ?? '' })).toBe(403);
    expect(await refusal({ authorization: `Bearer ${token}`, origin: 'https://evil.example' })).toBe(403);
    const plain = await admin.call('GET', '/api/live');
    expect([plain.status, plain.body['code']]).toEqual([403, 'live.upgrade']);
  });
  it('opens to the page with its cookie and to programs with a token', async () => {
    (await open(asBrowser())).socket.close();
    (await open({ authorization: `Bearer ${token}` })).socket.close();
  });
});

describe('a channel', () => {
  it('that is merely open is no use of its session, which ends when nobody is there', async () => {
    const guest = new Visitor(server.origin);
    await guest.call('POST', '/api/auth/sign-in', { email: 'ada@example.com', password: 'correct horse battery staple' });
    const { body } = await guest.call<{ id: string; current: boolean }[]>('GET', '/api/auth/sessions');
    const id = body.find((session) => session.current)?.id;
    const { engine } = database.databases;
    const used = (hours: number) =>
      sql`update identity.session set created_at = now() - interval '20 hours', last_seen_at = now() - make_interval(hours => ${hours}) where id = ${id}`.execute(
        engine,
      );
    await sleep(200);
    await used(2);
    const channel = await open({ cookie: guest.cookie ?? '', origin: server.origin });
    const closed = once(channel.socket, 'close');
    // Looked up again several times meanwhile.
    await sleep(800);
    const seen = await sql<{ old: boolean }>`select last_seen_at < now() - interval '1 hour' as old from identity.session where id = ${id}`.execute(engine);
    expect(seen.rows[0]?.old).toBe(true);
    await used(13);
    expect((await closed)[0]).toBe(4401);
  });
  it('carries several subscriptions, each from its own cursor', async () => {
    const [one, two] = await Promise.all([writeRun(database.databases, database.workspaceId), writeRun(database.databases, database.workspaceId)]);
    await one.say({ events: ['run.queued', 'run.started'], lines: ['a', 'b'] });
    const channel = await open(asBrowser());
    channel.say({ type: 'subscribe', id: 1, to: 'run', run: one.id, after: 1, afterLog: 2 });
    channel.say({ type: 'subscribe', id: 2, to: 'run', run: two.id });
    channel.say({ type: 'subscribe', id: 3, to: 'runs' });
    await expect.poll(() => channel.events(1)).toEqual([2]);
    await two.say({ events: ['run.started'], lines: ['x'] });
    await one.say({ lines: ['c'], end: true });
    await expect.poll(() => [channel.events(1), channel.lines(1), channel.events(2), channel.lines(2)]).toEqual([[2, 3], [3], [1], [1]]);
    await expect.poll(() => channel.got.some((message) => message.type === 'run' && message.run.id === one.id && message.run.state === 'succeeded')).toBe(true);
    channel.say({ type: 'unsubscribe', id: 2 });
    // In order: once this one is answered the other has ended.
    channel.say({ type: 'subscribe', id: 4, to: 'run', run: one.id });
    await expect.poll(() => channel.events(4)).toEqual([1, 2, 3]);
    await two.say({ events: ['step.started'] });
    await sleep(150);
    expect(channel.events(2)).toEqual([1]);
    channel.socket.close();
  });

  it('tells what is raised', async () => {
    const channel = await open(asBrowser());
    channel.say({ type: 'subscribe', id: 1, to: 'notifications' });
    channel.say({ type: 'subscribe', id: 2, to: 'nothing' });
    // The answer to the second says that the first is being followed.
    await expect.poll(() => channel.got.some((message) => message.type === 'error')).toBe(true);
    const raised = await fetch(`${server.origin}/api/notification-events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Prices are late', kind: 'feed.late', severity: 'warning' }),
    });
    expect(raised.status).toBe(201);
    await expect
      .poll(() => channel.got.filter((message) => message.type === 'notification'))
      .toMatchObject([{ id: 1, notification: { title: 'Prices are late', kind: 'feed.late', severity: 'warning', raisedBy: 'ada@example.com' } }]);
    channel.socket.close();
  });

  it('tells how the engine is, at once and then only when that has changed', async () => {
    const channel = await open(asBrowser());
    channel.say({ type: 'subscribe', id: 1, to: 'engine' });
    const told = () => channel.got.flatMap((message) => (message.type === 'engine' ? [message.engine] : []));
    await expect.poll(() => told().length).toBe(1);
    expect(told()[0]).toMatchObject({ paused: null, workers: [], backlog: { runs: { running: expect.any(Number) }, waits: {}, parked: { slot: 0 } } });
    const { enginePool } = database.databases;
    await enginePool.query(`update engine_control set paused_at = now(), paused_by = 'ada', pause_reason = 'disks'`);
    await expect.poll(() => told().at(-1)?.paused?.reason).toBe('disks');
    expect(told()).toHaveLength(2);
    await enginePool.query('update engine_control set paused_at = null, paused_by = null, pause_reason = null');
    await expect.poll(() => told().length).toBe(3);
    channel.socket.close();
  });

  it('says what is wrong with a message and goes on', async () => {
    const channel = await open(asBrowser());
    const run = await writeRun(database.databases, database.workspaceId);
    channel.say('{nonsense');
    channel.say({ type: 'subscribe', id: 1, to: 'run', run: 'nine' });
    channel.say({ type: 'subscribe', id: 1, to: 'run', run: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11' });
    const foreign = await writeRun(database.databases, await otherWorkspace(database.databases));
    channel.say({ type: 'subscribe', id: 2, to: 'run', run: foreign.id });
    for (let id = 10; id < 17; id++) channel.say({ type: 'subscribe', id, to: 'run', run: run.id });
    channel.say({ type: 'subscribe', id: 10, to: 'run', run: run.id });
    await expect
      .poll(() =>
        channel.got
          .filter((message) => message.type === 'error')
          .map((message) => [message.id, message.code])
          .sort((a, b) => String(a).localeCompare(String(b))),
      )
      .toEqual(
        expect.arrayContaining([
          [null, 'live.message'],
          [null, 'live.message'],
          [1, 'run.unknown'],
          [2, 'run.unknown'],
          [10, 'live.subscribed'],
          [16, 'live.too_many'],
        ]),
      );
    await run.say({ end: true });
    await expect.poll(() => channel.events(10)).toEqual([1]);
    channel.socket.close();
  });

  it('ends when the session ends', async () => {
    const guest = new Visitor(server.origin);
    await guest.call('POST', '/api/auth/sign-in', { email: 'ada@example.com', password: 'correct horse battery staple' });
    const channel = await open({ cookie: guest.cookie ?? '', origin: server.origin });
    const closed = once(channel.socket, 'close');
    await guest.call('POST', '/api/auth/sign-out');
    expect((await closed)[0]).toBe(4401);
  });

  it('tells nothing more of runs once the role is taken away, without waiting for the next check', async () => {
    const { body } = await admin.call<{ link: string }>('POST', '/api/invitations', { email: 'eve@example.com', role: 'viewer' });
    const eve = new Visitor(server.origin);
    await eve.call('POST', `/api/auth/links/${body.link.split('/').at(-1)}`, {
      email: 'eve@example.com',
      name: 'Eve',
      password: 'correct horse battery staple',
    });
    const run = await writeRun(database.databases, database.workspaceId);
    const channel = await open({ cookie: eve.cookie ?? '', origin: server.origin });
    channel.say({ type: 'subscribe', id: 1, to: 'run', run: run.id });
    channel.say({ type: 'subscribe', id: 2, to: 'runs' });
    await run.say({ events: ['run.started'] });
    await expect.poll(() => channel.events(1)).toEqual([1]);
    const rules = JSON.stringify([{ effect: 'allow', permissions: ['run.read'], where: { flow: ['something-else'] } }]);
    await database.databases.enginePool.query(`insert into identity.role (workspace_id, slug, title, rules) values ($1, 'viewer', 'Viewer', $2)`, [
      database.workspaceId,
      rules,
    ]);
    await expect.poll(() => channel.got.some((message) => message.type === 'run')).toBe(true);
    await sleep(100);
    const heard = channel.got.length;
    await run.say({ events: ['step.started'], end: true });
    await expect.poll(() => channel.got.at(-1)).toMatchObject({ type: 'error', id: 1, code: 'run.unknown' });
    expect(channel.events(1)).toEqual([1]);
    expect(channel.got.slice(heard).filter((message) => message.type === 'run')).toEqual([]);
    expect(channel.socket.readyState).toBe(WebSocket.OPEN);
    channel.socket.close();
  });

  it('drops a client that does not read, and takes no memory for it meanwhile', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const line = 'x'.repeat(20_000);
    for (let n = 0; n < 10; n++) await run.say({ lines: Array(200).fill(line) });
    const channel = await open(asBrowser());
    const closed = once(channel.socket, 'close');
    channel.say({ type: 'subscribe', id: 1, to: 'run', run: run.id });
    channel.socket.pause();
    await sleep(3_500);
    channel.socket.resume();
    const [code] = (await closed) as [number];
    expect([4408, 1006]).toContain(code);
    expect(channel.lines(1).length).toBeLessThan(2_000);
    // Whoever comes back reads on where he was.
    const again = await open(asBrowser());
    again.say({ type: 'subscribe', id: 1, to: 'run', run: run.id, afterLog: channel.lines(1).at(-1) ?? 0 });
    await expect.poll(() => [...channel.lines(1), ...again.lines(1)].length).toBe(2_000);
    again.socket.close();
  });
});

describe('server-sent events', () => {
  const stream = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(server.origin + path, { headers: { authorization: `Bearer ${token}`, ...headers }, ...(signal ? { signal } : {}) });

  const seqs = (text: string) => {
    const of = (kind: string) =>
      [...text.matchAll(new RegExp(`^event: ${kind}\\n.*\\ndata: (.*)$`, 'gm'))].map(([, data]) => (JSON.parse(data ?? '') as { seq: number }).seq);
    return { event: of('event'), log: of('log') };
  };

  it('run to the end, and resume from Last-Event-ID', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    await run.say({ events: ['run.queued', 'run.started'], lines: ['a', 'b'] });
    const path = `/api/runs/${run.id}/stream`;
    const whole = stream(path).then((answer) => answer.text());
    await sleep(50);
    await run.say({ events: ['step.started'] });
    await run.say({ lines: ['c'], end: true });
    const text = await whole;
    expect(seqs(text)).toEqual({ event: [1, 2, 3, 4], log: [1, 2, 3] });
    expect(text).toMatch(/event: end\nid: 4\.3\ndata: \{\}\n\n$/);
    // How lines and events mix depends on when they were read; each kind goes on exactly where it was.
    const cut = [...text.matchAll(/^id: (\d+)\.(\d+)$/gm)][2];
    const [event, log] = [Number(cut?.[1]), Number(cut?.[2])];
    const rest = await (await stream(path, { 'last-event-id': `${event}.${log}` })).text();
    expect(seqs(rest)).toEqual({ event: [1, 2, 3, 4].slice(event), log: [1, 2, 3].slice(log) });
    expect(await (await stream(`${path}?after=4&afterLog=3`)).text()).toBe(': connected\n\nevent: end\nid: 4.3\ndata: {}\n\n');
  });

  it('are a plain 404 for a run that is not there, and 401 without a token', async () => {
    const foreign = await writeRun(database.databases, await otherWorkspace(database.databases));
    expect((await stream(`/api/runs/${foreign.id}/stream`)).status).toBe(404);
    expect((await fetch(`${server.origin}/api/runs/${foreign.id}/stream`)).status).toBe(401);
  });

  it('leave nothing behind when the client goes', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const stop = new AbortController();
    const answer = await stream(`/api/runs/${run.id}/stream`, {}, stop.signal);
    await answer.body?.getReader().read();
    stop.abort();
    await sleep(100);
    const idle = sql<{ n: number }>`select count(*) as n from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`;
    await expect.poll(async () => (await idle.execute(database.databases.engine)).rows[0]?.n).toBe(0);
  });
});
