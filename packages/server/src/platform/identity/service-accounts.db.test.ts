// Keys of programs: less than their account, never more; and refused the moment they should be.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailer } from '../mail/outbox.ts';
import { remindOfKeys } from './key-reminder.ts';
import { openSite, type Site } from './testing/site.ts';
import type { Answer } from './testing/visitor.ts';

let site: Site;
let count = 0;
/** A fresh account of that name in role admin. */
let slug: string;
const main = { 'tidewheel-workspace': 'main' };
interface Key {
  id: string;
  token: string;
  prefix: string;
  permissions: string[];
  expiresAt: string;
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  code?: string;
}

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());
beforeEach(async () => {
  slug = `loader-${++count}`;
  expect(await admin('POST', '/api/service-accounts', { slug, title: 'Loader', role: 'admin' })).toMatchObject({
    status: 201,
    body: { slug, owner: 'admin@example.com', keys: 0 },
  });
});

const admin = <T = Key>(method: string, path: string, body?: unknown): Promise<Answer<T>> => site.admin.call<T>(method, path, body, main);
const makeKey = (body: object = {}) => admin('POST', `/api/service-accounts/${slug}/keys`, { title: 'Night', ...body });
const using = (token: string) => (method: string, path: string, body?: unknown) =>
  site.visitor().call<Key>(method, path, body, { authorization: `Bearer ${token}` });
const may = async (token: string) => (await using(token)('GET', '/api/auth/me')).body.permissions;

describe('a key', () => {
  it('is shown once, known by its first characters, and has a checksum', async () => {
    const { body } = await makeKey();
    expect(body.token).toMatch(/^tw_[\w-]{43}[0-9a-z]{7}$/);
    expect(body.prefix).toBe(body.token.slice(0, 9));
    const listed = await admin<Key[]>('GET', `/api/service-accounts/${slug}/keys`);
    expect(JSON.stringify(listed.body)).not.toContain(body.token);
    const { rows } = await sql<{ text: string }>`select t::text as text from identity.api_token t`.execute(site.database.databases.engine);
    expect(JSON.stringify(rows)).not.toContain(body.token.slice(9));
    const last = body.token.at(-1) === '0' ? '1' : '0';
    expect(await using(body.token.slice(0, -1) + last)('GET', '/api/auth/me')).toMatchObject({ status: 401 });
  });
  it('acts as its account, and the trail says so', async () => {
    const { body } = await makeKey();
    expect(await using(body.token)('GET', '/api/auth/me')).toMatchObject({ body: { email: `service:${slug}`, role: 'admin' } });
    expect(await using(body.token)('POST', '/api/invitations', { email: `friend-${slug}@example.com`, role: 'viewer' })).toMatchObject({ status: 201 });
    const { rows } = await sql<{
      actor: { kind: string; label: string };
    }>`select body->'actor' as actor from audit_entry where action = 'invitation.created' order by at desc limit 1`.execute(site.database.databases.engine);
    expect(rows[0]?.actor).toMatchObject({ kind: 'service', label: `service:${slug}` });
    await expect.poll(async () => (await admin<Key[]>('GET', `/api/service-accounts/${slug}/keys`)).body[0]).toMatchObject({ lastUsedAddress: '127.0.0.1' });
  });
  it('with a scope has what both the scope and the account allow, no more', async () => {
    const scope = [{ permissions: ['user.read', 'run.read'] }];
    const { body } = await makeKey({ scope });
    expect((await may(body.token)).toSorted()).toEqual(['run.read', 'user.read']);
    expect(await using(body.token)('GET', '/api/users')).toMatchObject({ status: 200 });
    expect(await using(body.token)('POST', '/api/invitations', { email: 'a@example.com', role: 'viewer' })).toMatchObject({
      status: 403,
      body: { code: 'permission.missing' },
    });
    await admin('PATCH', `/api/service-accounts/${slug}`, { role: 'executive' });
    expect(await may(body.token)).toEqual(['run.read']);
    expect(await using(body.token)('GET', '/api/users')).toMatchObject({ status: 403 });
  });
  it('with a scope that names more than its account has gives nothing of it', async () => {
    await admin('PATCH', `/api/service-accounts/${slug}`, { role: 'viewer' });
    const { body } = await makeKey({ scope: [{ permissions: ['flow.edit', 'user.edit', 'flow.read'] }] });
    expect(await may(body.token)).toEqual(['flow.read']);
  });
  it('with limits cannot make itself or anybody a bigger one, nor touch its account', async () => {
    const scoped = await makeKey({ scope: [{ permissions: ['service_account.edit', 'service_account.read', 'user.edit', 'user.read', 'role.read'] }] });
    const call = using(scoped.body.token);
    expect(await call('POST', `/api/service-accounts/${slug}/keys`, { title: 'Bigger' })).toMatchObject({ status: 403, body: { code: 'key.limited' } });
    expect(await call('POST', `/api/service-accounts/${slug}/keys/${scoped.body.id}/rotation`, {})).toMatchObject({
      status: 403,
      body: { code: 'key.limited' },
    });
    expect(await call('POST', '/api/service-accounts', { slug: 'puppet', title: 'Puppet', role: 'admin' })).toMatchObject({
      status: 403,
      body: { code: 'permission.above_own' },
    });
    expect(await call('POST', '/api/auth/tokens', { title: 'Bigger' })).toMatchObject({ status: 403, body: { code: 'key.limited' } });
    expect(await call('POST', '/api/revoke-all', {})).toMatchObject({ status: 403, body: { code: 'key.limited' } });
    const personal = await admin('POST', '/api/auth/tokens', { title: 'Mine', scope: [{ permissions: ['run.read'] }] });
    expect(await may(personal.body.token)).toEqual(['run.read']);
    expect(await using(personal.body.token)('POST', '/api/auth/tokens', { title: 'Bigger' })).toMatchObject({ status: 403, body: { code: 'key.limited' } });
  });
  it('works from its networks alone, whatever a header says', async () => {
    const { body } = await makeKey({ networks: ['10.20.0.0/16', '2001:db8::/32'] });
    const answer = await site.visitor().call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${body.token}`, 'x-forwarded-for': '10.20.0.1' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'key.network' } });
    const here = await makeKey({ networks: ['127.0.0.0/8'] });
    expect(await using(here.body.token)('GET', '/api/auth/me')).toMatchObject({ status: 200 });
    for (const wrong of ['10.0.0.0/33', 'office', '1.2.3', '10.0.0.0/8; drop']) expect(await makeKey({ networks: [wrong] })).toMatchObject({ status: 400 });
  });
  it('ends when it is revoked, expired, its account suspended or deleted: at once', async () => {
    const keys = await Promise.all([makeKey(), makeKey(), makeKey()]);
    const [revoked, expired, stays] = keys.map(({ body }) => body) as [Key, Key, Key];
    const status = async ({ token }: Key) => (await using(token)('GET', '/api/auth/me')).status;
    expect(await Promise.all([revoked, expired, stays].map(status))).toEqual([200, 200, 200]);
    await admin('DELETE', `/api/service-accounts/${slug}/keys/${revoked.id}`);
    await sql`update identity.api_token set expires_at = now() where id = ${expired.id}`.execute(site.database.databases.engine);
    expect(await Promise.all([revoked, expired, stays].map(status))).toEqual([401, 401, 200]);
    await admin('POST', `/api/service-accounts/${slug}/suspension`);
    expect(await status(stays)).toBe(401);
    await admin('DELETE', `/api/service-accounts/${slug}/suspension`);
    expect(await status(stays)).toBe(200);
    expect(await admin('DELETE', `/api/service-accounts/${slug}`)).toMatchObject({ status: 200 });
    expect(await status(stays)).toBe(401);
    expect(await admin('GET', `/api/service-accounts/${slug}`)).toMatchObject({ status: 404 });
  });
  it('is rotated with an overlap; the new one has the limits of the old', async () => {
    const scope = [{ permissions: ['run.read'] }];
    const { body: old } = await makeKey({ scope, networks: ['127.0.0.1'] });
    const { body: next, status } = await admin('POST', `/api/service-accounts/${slug}/keys/${old.id}/rotation`, { overlapHours: 1 });
    expect(status).toBe(201);
    expect([await may(old.token), await may(next.token)]).toEqual([['run.read'], ['run.read']]);
    const listed = await admin<Key[]>('GET', `/api/service-accounts/${slug}/keys`);
    expect(Date.parse(listed.body.find((one) => one.id === old.id)?.expiresAt ?? '') - Date.now()).toBeLessThan(3_600_001);
    await admin('POST', `/api/service-accounts/${slug}/keys/${next.id}/rotation`, { overlapHours: 0 });
    expect(await using(next.token)('GET', '/api/auth/me')).toMatchObject({ status: 401 });
  });
  it('lasts at most 366 days and 90 unless told', async () => {
    expect(await makeKey({ days: 367 })).toMatchObject({ status: 400 });
    const { body } = await makeKey();
    expect(Math.round((Date.parse(body.expiresAt) - Date.now()) / 86_400_000)).toBe(90);
  });
  it('opens one workspace', async () => {
    await admin('POST', '/api/workspaces', { slug: `other-${count}`, title: 'Other' });
    const { body } = await makeKey();
    const other = { authorization: `Bearer ${body.token}`, 'tidewheel-workspace': `other-${count}` };
    expect(await site.visitor().call('GET', '/api/auth/me', undefined, other)).toMatchObject({ status: 403, body: { code: 'workspace.not_member' } });
    expect(await site.admin.call('GET', `/api/service-accounts/${slug}`, undefined, { 'tidewheel-workspace': `other-${count}` })).toMatchObject({
      status: 404,
    });
    const same = await site.admin.call(
      'POST',
      '/api/service-accounts',
      { slug, title: 'Its namesake', role: 'viewer' },
      { 'tidewheel-workspace': `other-${count}` },
    );
    expect(same).toMatchObject({ status: 201 });
    expect(await admin('POST', '/api/service-accounts', { slug, title: 'Again', role: 'viewer' })).toMatchObject({ status: 409 });
  });
});

describe('the end of a key', () => {
  it('is announced once, to who answers for it, and not for one that was rotated', async () => {
    const { engine } = site.database.databases;
    const mailer = createMailer({ databases: site.database.databases, masterKey: site.database.address.masterKey });
    const { body: key } = await makeKey({ title: `Ends-${count}`, days: 90 });
    expect(await remindOfKeys({ db: engine, mailer })).toBe(0);
    await sql`update identity.api_token set created_at = now() - interval '80 days', expires_at = now() + interval '10 days' where id = ${key.id}`.execute(
      engine,
    );
    await site.setMail(false);
    expect(await remindOfKeys({ db: engine, mailer })).toBe(0);
    await site.setMail(true);
    expect(await Promise.all([remindOfKeys({ db: engine, mailer }), remindOfKeys({ db: engine, mailer })])).toContain(1);
    expect(await remindOfKeys({ db: engine, mailer })).toBe(0);
    await expect.poll(() => site.mailsTo('admin@example.com').filter((text) => text.includes(`Ends-${count}`))).toHaveLength(1);
    const { body: other } = await makeKey({ title: 'Rotated', days: 90 });
    await sql`update identity.api_token set created_at = now() - interval '80 days' where id = ${other.id}`.execute(engine);
    await admin('POST', `/api/service-accounts/${slug}/keys/${other.id}/rotation`, { overlapHours: 1 });
    expect(await remindOfKeys({ db: engine, mailer })).toBe(0);
  });
});

describe('an account', () => {
  it('is made by who may, in a role within his own', async () => {
    const operator = await site.person('operator');
    expect(await operator.visitor.call('GET', '/api/service-accounts')).toMatchObject({ status: 403 });
    const rules = JSON.stringify([{ effect: 'allow', permissions: ['service_account.read', 'service_account.edit', 'run.read'] }]);
    await sql`insert into identity.role (workspace_id, slug, title, rules) values (${site.database.workspaceId}, ${`keeper-${count}`}, 'Keeper', ${rules}::jsonb)`.execute(
      site.database.databases.engine,
    );
    await sql`update identity.membership set role = ${`keeper-${count}`} where user_id = ${operator.id}`.execute(site.database.databases.engine);
    await sleep(0);
    const keeper = (method: string, path: string, body?: unknown) => operator.visitor.call<Key>(method, path, body);
    expect(await keeper('POST', '/api/service-accounts', { slug: 'big', title: 'Big', role: 'admin' })).toMatchObject({
      status: 403,
      body: { code: 'permission.above_own' },
    });
    expect(await keeper('GET', '/api/service-accounts/big')).toMatchObject({ status: 404 });
    expect(await keeper('POST', `/api/service-accounts/${slug}/keys`, { title: 'Stolen' })).toMatchObject({
      status: 403,
      body: { code: 'permission.above_own' },
    });
    const small = await keeper('POST', `/api/service-accounts/${slug}/keys`, { title: 'Small', scope: [{ permissions: ['run.read'] }] });
    expect(small).toMatchObject({ status: 201 });
    expect(await keeper('PATCH', `/api/service-accounts/${slug}`, { role: 'viewer' })).toMatchObject({ status: 403 });
  });
  it('has no password, is no person and is not among the users', async () => {
    const { body } = await admin<{ email: string }[]>('GET', '/api/users');
    expect(body.some((user) => user.email.startsWith('service:'))).toBe(false);
    expect(await site.visitor().call('POST', '/api/auth/sign-in', { email: `service:${slug}`, password: 'x'.repeat(20) })).toMatchObject({ status: 400 });
  });
});
