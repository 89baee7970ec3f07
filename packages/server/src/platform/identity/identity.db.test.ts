import crypto from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApiToken, Me, Session, User } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { captureLog, type Listening, listenFor } from '../../app/http/testing/listening.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { createMailer } from '../mail/outbox.ts';
import { createIdentity, type Identity } from './create-identity.ts';
import { Visitor } from './testing/visitor.ts';

const password = 'correct horse battery staple';
const ada = { email: 'Ada@Example.com', name: 'Ada Example', password };

let database: FreshDatabase;
let identity: Identity;
let server: Listening;
let log: ReturnType<typeof captureLog>;
let admin: Visitor;
beforeAll(async () => {
  database = await freshDatabase({ size: 10 });
  log = captureLog();
  identity = await createIdentity({
    databases: database.databases,
    mailer: createMailer({ databases: database.databases, masterKey: database.address.masterKey }),
    masterKey: database.address.masterKey,
    log: log.log,
  });
  server = await listenFor({ endpoints: identity.endpoints, authenticate: identity.authenticate });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

const visitor = () => new Visitor(server.origin);
async function invite(role: string, email = `${role}-${Math.random().toString(36).slice(2)}@example.com`): Promise<{ visitor: Visitor; email: string }> {
  const invitation = await admin.call<{ link: string }>('POST', '/api/invitations', { email, role });
  const guest = visitor();
  const made = await guest.call('POST', `/api/auth/links/${invitation.body.link.split('/').at(-1)}`, { email, name: role, password });
  expect(made.status).toBe(201);
  return { visitor: guest, email };
}

describe('the first administrator', () => {
  it('comes by a link that a newer one voids and that works once, also under a race', async () => {
    const older = await identity.firstLink();
    const link = await identity.firstLink();
    const token = link?.replace('/welcome/', '');
    const address = `/api/auth/links/${token}`;
    expect((await visitor().call('GET', `/api/auth/links/${older?.replace('/welcome/', '')}`)).body).toMatchObject({ status: 404, code: 'link.revoked' });
    expect((await visitor().call('GET', address)).body).toMatchObject({ purpose: 'first-administrator', email: null, role: 'admin' });
    const racers = Array.from({ length: 12 }, (_, n) => ({ ...ada, email: n === 0 ? ada.email : `racer${n}@example.com` }));
    const visitors = racers.map(() => visitor());
    const answers = await Promise.all(racers.map((body, n) => visitors[n]?.call<Me>('POST', address, body)));
    expect(answers.map((answer) => answer?.status).sort()).toEqual([201, ...Array(11).fill(404)]);
    const { rows } = await sql<{
      people: number;
      sessions: number;
    }>`select (select count(*) from identity."user") as people, (select count(*) from identity.session) as sessions`.execute(database.databases.engine);
    expect(rows[0]).toEqual({ people: 1, sessions: 1 });
    const winner = answers.findIndex((answer) => answer?.status === 201);
    admin = visitors[winner] as Visitor;
    const me = await admin.call<Me>('GET', '/api/auth/me');
    expect(me.body).toMatchObject({ email: racers[winner]?.email.toLowerCase(), role: 'admin', workspace: { slug: 'main' } });
    expect(await identity.firstLink()).toBeNull();
  });
});

describe('signing in', () => {
  // All guesses here come from one address.
  beforeEach(() => sql`delete from identity.sign_in_attempt`.execute(database.databases.engine));

  it('takes the right password in any case of the e-mail, and sets a strict cookie', async () => {
    const { email } = await invite('viewer');
    const guest = visitor();
    const answer = await guest.call<Me>('POST', '/api/auth/sign-in', { email: email.toUpperCase(), password });
    expect([answer.status, answer.body.role, answer.body.permissions.includes('user.edit')]).toEqual([200, 'viewer', false]);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^tidewheel=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    expect((await guest.call('POST', '/api/auth/sign-out')).body).toMatchObject({ ended: true });
    expect((await guest.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it('ends the session on the server, not only in the browser', async () => {
    const { visitor: guest } = await invite('viewer');
    const { cookie } = guest;
    await guest.call('POST', '/api/auth/sign-out');
    guest.cookie = cookie;
    expect((await guest.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it('tells a wrong password and an unknown account apart in nothing, not even in the work that takes the time', async () => {
    const { email } = await invite('viewer');
    // The password's hash takes nearly all of the time of a sign-in.
    const hashes = vi.spyOn(crypto, 'scrypt');
    syncBuiltinESMExports();
    const tried = async (address: string) => {
      hashes.mockClear();
      const answer = await visitor().call('POST', '/api/auth/sign-in', { email: address, password: 'wrong' });
      const work = hashes.mock.calls.map(([, , length, options]) => [length, options]);
      return { status: answer.status, code: answer.body['code'], detail: answer.body['detail'], work };
    };
    const known = await tried(email);
    expect(await tried(`nobody-${email}`)).toEqual(known);
    expect(known).toMatchObject({ status: 401, code: 'auth.wrong_credentials', work: [[64, { N: 16_384 }]] });
    hashes.mockRestore();
    syncBuiltinESMExports();
  });

  it('lets nobody guess on: parallel, with the right password, or from a made-up address', async () => {
    const { email } = await invite('viewer');
    const guess = (n: number) => visitor().call('POST', '/api/auth/sign-in', { email, password: `wrong ${n}` }, { 'x-forwarded-for': `10.0.0.${n}` });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(15);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await visitor().call('POST', '/api/auth/sign-in', { email, password })).status).toBe(429);
    // Once the wait is over the owner gets in, and the count starts afresh.
    await sql`update identity.sign_in_attempt set blocked_until = now() - interval '1 second'`.execute(database.databases.engine);
    expect((await visitor().call('POST', '/api/auth/sign-in', { email, password })).status).toBe(200);
    expect((await guess(1)).status).toBe(401);
  });

  it('doubles the wait, at most to a quarter of an hour', async () => {
    const email = 'target@example.com';
    const waits: number[] = [];
    for (let n = 0; n < 14; n++) {
      await visitor().call('POST', '/api/auth/sign-in', { email, password: 'wrong' });
      const { rows } = await sql<{
        wait: number | null;
      }>`select max(extract(epoch from blocked_until - touched_at))::int as wait from identity.sign_in_attempt where key like 'account:%' and touched_at > now() - interval '2 seconds'`.execute(
        database.databases.engine,
      );
      waits.push(rows[0]?.wait ?? 0);
      await sql`update identity.sign_in_attempt set blocked_until = now() - interval '1 second'`.execute(database.databases.engine);
    }
    expect(waits).toEqual([0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });

  it('forgives an address its failures with time, and counts them together whoever was guessed', async () => {
    const db = database.databases.engine;
    const guess = (n: number) => visitor().call('POST', '/api/auth/sign-in', { email: `office${n}@example.com`, password: 'wrong' });
    const statuses: number[] = [];
    for (let n = 0; n < 32; n++) statuses.push((await guess(n)).status);
    expect(statuses).toEqual([...Array(30).fill(401), 429, 429]);
    await sql`update identity.sign_in_attempt set blocked_until = blocked_until - interval '200 seconds', touched_at = touched_at - interval '200 seconds'`.execute(
      db,
    );
    statuses.length = 0;
    for (let n = 0; n < 11; n++) statuses.push((await guess(n)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it('keeps nothing in the database that signs anybody in', async () => {
    const value = admin.cookie?.split('=')[1] ?? '';
    const { rows } = await sql<{ token: string }>`select token from identity.session`.execute(database.databases.engine);
    expect(rows.map((row) => row.token)).not.toContain(value);
    for (const { token } of rows) {
      const thief = visitor();
      thief.cookie = `tidewheel=${token}`;
      expect((await thief.call('GET', '/api/auth/me')).status).toBe(401);
    }
    const accounts = await sql<{ password: string }>`select password from identity.account`.execute(database.databases.engine);
    for (const row of accounts.rows) expect(row.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  });

  it('takes a session only as cookie, an API token only as bearer', async () => {
    const value = admin.cookie?.split('=')[1] ?? '';
    const stranger = visitor();
    expect((await stranger.call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${value}` })).status).toBe(401);
    const { body } = await admin.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
    stranger.cookie = `tidewheel=${body.token}`;
    expect((await stranger.call('GET', '/api/auth/me')).status).toBe(401);
    // A wrong token is not saved by a good cookie beside it.
    expect((await admin.call('GET', '/api/auth/me', undefined, { authorization: 'Bearer tw_wrong' })).status).toBe(401);
  });

  it('expires', async () => {
    const { visitor: guest } = await invite('viewer');
    await sql`update identity.session set expires_at = now() - interval '1 second' where user_id = (select user_id from identity.session order by created_at desc limit 1)`.execute(
      database.databases.engine,
    );
    expect((await guest.call('GET', '/api/auth/me')).status).toBe(401);
  });
});

describe("sessions and tokens of one's own", () => {
  it("are listed and revoked, but nobody else's", async () => {
    const { visitor: guest, email } = await invite('operator');
    const second = visitor();
    await second.call('POST', '/api/auth/sign-in', { email, password }, { 'user-agent': 'second browser' });
    const sessions = (await guest.call<Session[]>('GET', '/api/auth/sessions')).body;
    expect(sessions.map((session) => [session.agent === 'second browser', session.current, session.address])).toEqual([
      [true, false, '127.0.0.1'],
      [false, true, '127.0.0.1'],
    ]);
    expect((await admin.call('DELETE', `/api/auth/sessions/${sessions[0]?.id}`)).status).toBe(404);
    expect((await guest.call('DELETE', `/api/auth/sessions/${sessions[0]?.id}`)).status).toBe(200);
    expect((await second.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it('work as bearer until revoked or expired', async () => {
    const { visitor: guest } = await invite('operator');
    const { body } = await guest.call<{ token: string; id: string }>('POST', '/api/auth/tokens', { title: 'script', days: 1 });
    expect(body.token).toMatch(/^tw_[\w-]{50}$/);
    const script = visitor();
    const asScript = () => script.call<Me>('GET', '/api/auth/me', undefined, { authorization: `Bearer ${body.token}` });
    expect((await asScript()).body.role).toBe('operator');
    await expect.poll(async () => (await guest.call<z.infer<typeof ApiToken>[]>('GET', '/api/auth/tokens')).body[0]?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify((await guest.call('GET', '/api/auth/tokens')).body)).not.toContain(body.token);
    await guest.call('DELETE', `/api/auth/tokens/${body.id}`);
    expect((await asScript()).status).toBe(401);
    const next = await guest.call<{ token: string; id: string }>('POST', '/api/auth/tokens', { title: 'script', days: 1 });
    await sql`update identity.api_token set expires_at = now() where id = ${next.body.id}`.execute(database.databases.engine);
    expect((await script.call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${next.body.token}` })).status).toBe(401);
  });
});

describe('users', () => {
  it('are invited by e-mail and nobody else takes the invitation', async () => {
    const first = await admin.call<{ link: string; id: string }>('POST', '/api/invitations', { email: 'Grace@example.com', role: 'developer' });
    expect(first.body.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome\/[\w-]{43}$/);
    const token = (link: string) => link.split('/').at(-1);
    const thief = await visitor().call('POST', `/api/auth/links/${token(first.body.link)}`, { email: 'thief@example.com', name: 'T', password });
    expect(thief.body).toMatchObject({ status: 400, code: 'link.other_email' });
    const second = await admin.call<{ link: string; id: string }>('POST', '/api/invitations', { email: 'grace@example.com', role: 'designer' });
    expect((await visitor().call('GET', `/api/auth/links/${token(first.body.link)}`)).body['code']).toBe('link.revoked');
    const short = await visitor().call('POST', `/api/auth/links/${token(second.body.link)}`, { email: 'grace@example.com', name: 'Grace', password: 'short' });
    expect(short.body).toMatchObject({ status: 400, faults: [{ path: 'password', message: 'must have at least 12 characters' }] });
    const list = await admin.call<{ id: string; email: string }[]>('GET', '/api/invitations');
    expect(list.body.map((invitation) => invitation.id)).toEqual([second.body.id]);
    expect(JSON.stringify(list.body)).not.toContain(token(second.body.link));
    expect((await admin.call('DELETE', `/api/invitations/${second.body.id}`)).status).toBe(200);
    expect((await visitor().call('POST', `/api/auth/links/${token(second.body.link)}`, { email: 'grace@example.com', name: 'Grace', password })).status).toBe(
      404,
    );
    expect((await admin.call('DELETE', `/api/invitations/${second.body.id}`)).status).toBe(404);
  });

  it('are not made twice', async () => {
    const { email } = await invite('viewer');
    expect((await admin.call('POST', '/api/invitations', { email, role: 'viewer' })).body).toMatchObject({ status: 409, code: 'user.exists' });
  });

  it('have roles that count at once, and never lose their last administrator', async () => {
    const { visitor: guest, email } = await invite('viewer');
    const users = (await admin.call<User[]>('GET', '/api/users')).body;
    const id = (wanted: string) => users.find((user) => user.email === wanted)?.id;
    expect((await guest.call('PATCH', `/api/users/${id(email)}`, { role: 'admin' })).status).toBe(403);
    expect((await guest.call('POST', '/api/invitations', { email: 'x@example.com', role: 'admin' })).status).toBe(403);
    expect((await admin.call<User>('PATCH', `/api/users/${id(email)}`, { role: 'admin' })).body.role).toBe('admin');
    expect((await guest.call('GET', '/api/invitations')).status).toBe(200);
    const me = (await admin.call<Me>('GET', '/api/auth/me')).body;
    // Two administrators take the role from each other at the same instant: one of them must stay.
    const both = await Promise.all([
      guest.call('PATCH', `/api/users/${me.id}`, { role: 'viewer' }),
      admin.call('PATCH', `/api/users/${id(email)}`, { role: 'viewer' }),
    ]);
    expect(both.map((answer) => answer.status).sort()).not.toEqual([200, 200]);
    const left = await sql<{ n: number }>`select count(*) as n from identity.membership where role = 'admin'`.execute(database.databases.engine);
    expect(left.rows[0]?.n).toBe(1);
    await sql`update identity.membership set role = case when user_id = ${me.id} then 'admin' else 'viewer' end where role in ('admin', 'viewer')`.execute(
      database.databases.engine,
    );
    expect((await admin.call('PATCH', `/api/users/${me.id}`, { role: 'viewer' })).body).toMatchObject({ status: 409, code: 'user.last_administrator' });
    expect((await admin.call('PATCH', '/api/users/019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', { role: 'viewer' })).status).toBe(404);
  });
});

describe('the local operator', () => {
  it('has a private file whose token is kept while it works', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'tidewheel-'));
    const file = await identity.localToken({ dataFolder, origin: server.origin });
    const read = async () => JSON.parse(await readFile(file, 'utf8')) as { origin: string; token: string };
    const first = await read();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const asOperator = (token: string) => visitor().call<Me>('GET', '/api/auth/me', undefined, { authorization: `Bearer ${token}` });
    expect((await asOperator(first.token)).body).toMatchObject({ email: 'operator@localhost', role: 'admin' });
    await identity.localToken({ dataFolder, origin: 'http://127.0.0.1:1' });
    expect(await read()).toEqual({ origin: 'http://127.0.0.1:1', token: first.token });
    await writeFile(file, '{"origin":', { mode: 0o644 });
    await identity.localToken({ dataFolder, origin: server.origin });
    const renewed = await read();
    expect((await asOperator(first.token)).status).toBe(401);
    expect((await asOperator(renewed.token)).status).toBe(200);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { body: users } = await admin.call<User[]>('GET', '/api/users');
    const operator = users.find((user) => user.email === 'operator@localhost');
    expect((await admin.call('PATCH', `/api/users/${operator?.id}`, { role: 'viewer' })).body['code']).toBe('user.local_operator');
    await rm(dataFolder, { recursive: true });
  });
});

describe('secrets', () => {
  it('are in no log', async () => {
    const { visitor: guest } = await invite('viewer', 'logged@example.com');
    const { body } = await guest.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'logged' });
    await guest.call('GET', `/api/auth/me?token=${body.token}`);
    const all = log.logged() + server.logged();
    expect(all).toContain('auth.acceptLink');
    for (const secret of [password, body.token, guest.cookie?.split('=')[1] ?? '?', 'wrong 3']) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/\/api\/auth\/links\/[\w-]{43}/);
  });
  it('are out of reach of the app role', async () => {
    await expect(sql`select password from identity.account`.execute(database.databases.app)).rejects.toThrow(/permission denied/);
  });
  it('cost one query to check', async () => {
    const headers = { cookie: admin.cookie };
    const ask = () => identity.authenticate({ headers, cookie: () => admin.cookie?.split('=')[1] });
    await ask();
    const queries = vi.spyOn(pg.Client.prototype, 'query');
    expect((await ask())?.role).toBe('admin');
    expect(queries).toHaveBeenCalledTimes(1);
    queries.mockRestore();
  });
});
