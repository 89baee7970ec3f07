import type { Session, User } from '@tidewheel/contract/routes/identity';
import type { UserDetails } from '@tidewheel/contract/routes/users';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '../../base/ids.ts';
import { openSite, password, type Site } from './testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const db = () => site.database.databases.engine;
const signIn = (email: string, visitor = site.visitor()) => visitor.call('POST', '/api/auth/sign-in', { email, password });
const withToken = (token: string) => site.visitor().call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${token}` });
async function count(table: string, id: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(`identity.${table}`)} where user_id = ${id}`.execute(db());
  return rows[0]?.n ?? -1;
}
const actions = async (id: string) =>
  (await sql<{ action: string }>`select action from audit_entry where body->'object'->>'id' = ${id} order by id`.execute(db())).rows.map(
    ({ action }) => action,
  );
/** Makes the person a member of a second workspace, whose administrator is answered. */
async function alsoIn(id: string): Promise<Awaited<ReturnType<Site['person']>>> {
  const other = newId();
  await sql`insert into workspace (id, slug, title) values (${other}, ${`w-${other.slice(-8)}`}, 'Other')`.execute(db());
  await sql`insert into identity.membership (workspace_id, user_id, role, created_at) values (${other}, ${id}, 'viewer', now() + interval '1 hour')`.execute(
    db(),
  );
  const admin = await site.person('admin');
  await sql`update identity.membership set workspace_id = ${other} where user_id = ${admin.id}`.execute(db());
  return admin;
}

it('shows one user, and another workspace’s not at all', async () => {
  const { email, id, visitor } = await site.person('viewer');
  const { body } = await site.admin.call<UserDetails>('GET', `/api/users/${id}`);
  expect(body).toMatchObject({ id, email, role: 'viewer', suspendedAt: null, emailVerified: true, elsewhere: false });
  expect((await visitor.call('GET', `/api/users/${newId()}`)).status).toBe(404);
  for (const [method, path] of [
    ['PATCH', 'profile'],
    ['POST', 'suspension'],
    ['DELETE', 'suspension'],
    ['GET', 'sessions'],
    ['GET', 'tokens'],
    ['DELETE', ''],
  ] as const)
    expect(
      (await visitor.call(method, `/api/users/${id}/${path}`.replace(/\/$/, ''), method === 'PATCH' ? { name: 'x' } : undefined)).status,
      method + path,
    ).toBe(403);
});

it('renames a user, with an entry that has both names', async () => {
  const { id } = await site.person('viewer');
  expect((await site.admin.call<User>('PATCH', `/api/users/${id}/profile`, { name: '  Ada Lovelace ' })).body.name).toBe('Ada Lovelace');
  expect((await site.admin.call('PATCH', `/api/users/${id}/profile`, { name: ' ' })).status).toBe(400);
  const { rows } = await sql<{ body: unknown }>`select body from audit_entry where action = 'user.updated' and body->'object'->>'id' = ${id}`.execute(db());
  expect(rows[0]?.body).toMatchObject({ before: { name: 'viewer' }, after: { name: 'Ada Lovelace' } });
});

it('a suspended user is out at once, by cookie and token, and is let in again', async () => {
  const { email, id, visitor } = await site.person('operator');
  const { body: made } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  const { body: pair } = await site.visitor().call<{ accessToken: string; refreshToken: string }>('POST', '/api/auth/login', { email, password });
  expect((await site.admin.call<User>('POST', `/api/users/${id}/suspension`)).body.suspendedAt).not.toBeNull();
  expect([(await visitor.call('GET', '/api/auth/me')).status, (await withToken(made.token)).status, (await withToken(pair.accessToken)).status]).toEqual([
    401, 401, 401,
  ]);
  expect((await site.visitor().call('POST', '/api/auth/refresh', { refreshToken: pair.refreshToken })).status).toBe(401);
  const refused = await signIn(email);
  expect([refused.status, refused.body['code']]).toEqual([403, 'auth.suspended']);
  expect((await site.visitor().call('POST', '/api/auth/sign-in', { email, password: 'not this one at all' })).body['code']).toBe('auth.wrong_credentials');
  expect(await count('session', id)).toBe(0);
  await site.admin.call('POST', `/api/users/${id}/suspension`);
  expect((await site.admin.call<User>('DELETE', `/api/users/${id}/suspension`)).body.suspendedAt).toBeNull();
  await site.forgiveAll();
  expect([(await signIn(email)).status, (await withToken(made.token)).status]).toEqual([200, 200]);
  expect(await actions(id)).toEqual(expect.arrayContaining(['user.suspended', 'user.restored']));
  expect((await actions(id)).filter((action) => action === 'user.suspended')).toHaveLength(1);
});

it('what a suspended user lent ends', async () => {
  const [from, to] = [await site.person('developer'), await site.person('viewer')];
  await sql`insert into identity.delegation (workspace_id, id, from_user, to_user, reason, ends_at) values (${site.database.workspaceId}, ${newId()}, ${from.id}, ${to.id}, 'leave', now() + interval '1 day')`.execute(
    db(),
  );
  const may = async () => (await to.visitor.call<{ permissions: string[] }>('GET', '/api/auth/me')).body.permissions.includes('flow.edit');
  expect(await may()).toBe(true);
  await site.admin.call('POST', `/api/users/${from.id}/suspension`);
  expect(await may()).toBe(false);
});

it('a deleted user is erased: sessions, tokens, factors and account; the audit trail keeps the name', async () => {
  const { email, id, visitor } = await site.person('viewer');
  const { body: made } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  await sql`insert into identity.totp (user_id, sealed_secret, confirmed_at) values (${id}, ${Buffer.alloc(48)}, now())`.execute(db());
  expect((await site.admin.call('DELETE', `/api/users/${id}`)).body).toEqual({ erased: true });
  for (const table of ['session', 'api_token', 'totp', 'membership', 'account', 'password_history']) expect(await count(table, id), table).toBe(0);
  expect([(await visitor.call('GET', '/api/auth/me')).status, (await withToken(made.token)).status, (await signIn(email)).status]).toEqual([401, 401, 401]);
  expect((await site.admin.call('DELETE', `/api/users/${id}`)).status).toBe(404);
  const { rows } = await sql<{
    title: string;
  }>`select body->'object'->>'title' as title from audit_entry where action = 'user.deleted' and body->'object'->>'id' = ${id}`.execute(db());
  expect(rows).toEqual([{ title: email }]);
  expect((await site.admin.call('POST', '/api/invitations', { email, role: 'viewer' })).status).toBe(201);
});

it('the last administrator, oneself and the local operator stay, also when two go for one another at once', async () => {
  const me = (await site.admin.call<{ id: string }>('GET', '/api/auth/me')).body.id;
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/suspension'],
  ] as const)
    expect((await site.admin.call(method, `/api/users/${me}${path}`)).body['code']).toBe('user.oneself');
  const second = await site.person('admin');
  await sql`update identity.membership set role = 'viewer' where role = 'admin' and user_id not in (${me}, ${second.id})`.execute(db());
  const answers = await Promise.all([
    site.admin.call('POST', `/api/users/${second.id}/suspension`),
    second.visitor.call('POST', `/api/users/${me}/suspension`),
  ]);
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from identity.membership where role = 'admin' and suspended_at is null`.execute(db());
  expect(rows[0]?.n).toBe(1);
  await sql`update identity.membership set suspended_at = null`.execute(db());
  await site.forgiveAll();
  await signIn('admin@example.com', site.admin);
  const operator = newId();
  await sql`insert into identity."user" (id, name, email, kind) values (${operator}, 'Local operator', 'operator@localhost', 'local')`.execute(db());
  await sql`insert into identity.membership (workspace_id, user_id, role) values (${site.database.workspaceId}, ${operator}, 'admin')`.execute(db());
  expect((await site.admin.call('DELETE', `/api/users/${operator}`)).body['code']).toBe('user.local_operator');
});

it('who is in another workspace too is removed from this one alone', async () => {
  const { id, email } = await site.person('viewer');
  await alsoIn(id);
  expect((await site.admin.call('DELETE', `/api/users/${id}`)).body).toEqual({ erased: false });
  expect([await count('membership', id), await count('account', id)]).toEqual([1, 1]);
  expect((await signIn(email)).status).toBe(200);
});

it('an administrator of another workspace gets into nobody’s account: no rename, no reset link, no sessions, no factor', async () => {
  const { id, visitor } = await site.person('viewer');
  const { visitor: foreign } = await alsoIn(id);
  await site.setMail(false);
  const tried = [
    await foreign.call('PATCH', `/api/users/${id}/profile`, { name: 'x' }),
    await foreign.call('POST', `/api/users/${id}/password-reset`),
    await foreign.call('GET', `/api/users/${id}/sessions`),
    await foreign.call('DELETE', `/api/users/${id}/second-factor`),
  ];
  expect(tried.map(({ body }) => body['code'])).toEqual(Array(4).fill('user.elsewhere'));
  expect((await site.admin.call('POST', `/api/users/${id}/password-reset`)).status).toBe(201);
  await site.setMail(true);
  expect((await foreign.call('DELETE', `/api/users/${id}/sessions`)).body['code']).toBe('user.elsewhere');
  await foreign.call('DELETE', '/api/sessions');
  expect((await foreign.call('POST', `/api/users/${id}/suspension`)).status).toBe(200);
  expect((await visitor.call('GET', '/api/auth/me')).status).toBe(200);
});

it('an administrator sees and takes away one session and one token of a user', async () => {
  const { id, email, visitor } = await site.person('viewer');
  const second = site.visitor();
  await signIn(email, second);
  const { body: made } = await visitor.call<{ token: string; id: string }>('POST', '/api/auth/tokens', { title: 'script' });
  const { body: sessions } = await site.admin.call<Session[]>('GET', `/api/users/${id}/sessions`);
  expect(sessions.map(({ current }) => current)).toEqual([false, false]);
  expect((await site.admin.call('DELETE', `/api/users/${id}/sessions/${sessions[0]?.id}`)).body).toEqual({ ended: true });
  expect([(await second.call('GET', '/api/auth/me')).status, (await visitor.call('GET', '/api/auth/me')).status]).toEqual([401, 200]);
  expect((await site.admin.call<{ title: string }[]>('GET', `/api/users/${id}/tokens`)).body.map(({ title }) => title)).toEqual(['script']);
  expect((await site.admin.call('DELETE', `/api/users/${id}/tokens/${made.id}`)).body).toEqual({ revoked: true });
  expect([(await withToken(made.token)).status, (await site.admin.call('DELETE', `/api/users/${id}/tokens/${made.id}`)).status]).toEqual([401, 404]);
  const mine = (await site.admin.call<Session[]>('GET', '/api/auth/sessions')).body[0];
  expect((await site.admin.call('DELETE', `/api/users/${id}/sessions/${mine?.id}`)).status).toBe(404);
});

it('whoever edits users without being an administrator gets at no administrator, and at nobody who may do more', async () => {
  const rules = [{ effect: 'allow', permissions: ['user.read', 'user.edit', 'flow.read'] }];
  await site.admin.call('POST', '/api/roles', { slug: 'helpdesk', title: 'Help desk', description: '', rules });
  const { visitor: helpdesk } = await site.person('helpdesk');
  const { id: admin } = await site.person('admin');
  const { id: viewer } = await site.person('viewer');
  const refused = [
    await helpdesk.call('POST', `/api/users/${admin}/suspension`),
    await helpdesk.call('DELETE', `/api/users/${admin}`),
    await helpdesk.call('POST', `/api/users/${admin}/password-reset`),
    await helpdesk.call('DELETE', `/api/users/${admin}/second-factor`),
    await helpdesk.call('DELETE', `/api/users/${admin}/sessions`),
    await helpdesk.call('PATCH', `/api/users/${admin}/profile`, { name: 'x' }),
  ];
  expect(refused.map(({ body }) => body['code'])).toEqual(Array(6).fill('user.administrator'));
  // With mail the link goes to its owner; without it, it would be in the hands of somebody who may do less.
  expect((await helpdesk.call('POST', `/api/users/${viewer}/password-reset`)).body).toMatchObject({ mailed: true, link: null });
  await site.setMail(false);
  expect((await helpdesk.call('POST', `/api/users/${viewer}/password-reset`)).body['code']).toBe('access.beyond_own');
  expect((await site.admin.call('POST', `/api/users/${viewer}/password-reset`)).body).toMatchObject({ mailed: false });
  await site.setMail(true);
  expect((await helpdesk.call('POST', `/api/users/${viewer}/suspension`)).status).toBe(200);
});
