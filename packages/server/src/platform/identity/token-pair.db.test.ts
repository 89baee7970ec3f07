import type { Session } from '@tidewheel/contract/routes/identity';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAccessTokens } from './access-token.ts';
import { openSite, password, type Site } from './testing/site.ts';
import type { Answer, Visitor } from './testing/visitor.ts';
import { hashToken } from './tokens.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const db = () => site.database.databases.engine;
/** A program: no cookie, a bearer token or nothing. */
function ask<T = Record<string, unknown>>(
  method: string,
  path: string,
  { token, body, visitor }: { token?: string; body?: unknown; visitor?: Visitor } = {},
): Promise<Answer<T>> {
  return (visitor ?? site.visitor()).call<T>(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
}
async function logIn(email: string): Promise<TokenPair> {
  const { status, body } = await ask<TokenPair>('POST', '/api/auth/login', { body: { email, password } });
  expect(status).toBe(200);
  return body;
}
const refresh = (refreshToken: string) => ask<TokenPair & { code: string }>('POST', '/api/auth/refresh', { body: { refreshToken } });
const isIn = async (token: string) => (await ask('GET', '/api/auth/me', { token })).status === 200;
const audited = async (action: string) =>
  (await sql<{ body: { object: { title: string } } }>`select body from audit_entry where action = ${action} order by id`.execute(db())).rows.map(
    ({ body }) => body.object.title,
  );

it('signs in as a program: no cookie, two tokens, a session of its own kind', async () => {
  const { email, visitor } = await site.person('operator');
  const guest = site.visitor();
  const { body, headers } = await ask<TokenPair>('POST', '/api/auth/login', { body: { email, password }, visitor: guest });
  expect(headers.getSetCookie()).toEqual([]);
  expect(Date.parse(body.accessExpiresAt) - Date.now()).toBeGreaterThan(14 * 60_000);
  expect(Date.parse(body.refreshExpiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
  expect((await ask('GET', '/api/auth/me', { token: body.accessToken })).body).toMatchObject({ email, role: 'operator' });
  const { body: mine } = await ask<Session[]>('GET', '/api/auth/sessions', { token: body.accessToken });
  expect(mine.map(({ kind, current }) => [kind, current]).sort()).toEqual([
    ['api', true],
    ['web', false],
  ]);
  expect((await visitor.call<Session[]>('GET', '/api/auth/sessions')).body.find(({ current }) => current)?.kind).toBe('web');
  const { rows } = await sql<{
    all: string;
  }>`select (select json_agg(s)::text from identity.session s) || coalesce((select json_agg(u)::text from identity.used_refresh_token u), '') as all`.execute(
    db(),
  );
  expect(rows[0]?.all).not.toContain(body.refreshToken);
  expect(rows[0]?.all).toContain(hashToken(body.refreshToken));
});

it('a wrong password counts and is refused alike, and says nothing of the account', async () => {
  const { email } = await site.person('viewer');
  const wrong = await ask('POST', '/api/auth/login', { body: { email, password: 'not this one at all' } });
  const nobody = await ask('POST', '/api/auth/login', { body: { email: 'nobody@example.com', password: 'not this one at all' } });
  expect([wrong.status, nobody.status, wrong.body['code'], nobody.body['code']]).toEqual([401, 401, 'auth.wrong_credentials', 'auth.wrong_credentials']);
  const codes = [];
  for (let i = 0; i < 6; i++) codes.push((await ask('POST', '/api/auth/login', { body: { email, password: 'not this one at all' } })).status);
  expect(codes.at(-1)).toBe(429);
});

it('a refresh token works once; the next pair works, and its end does not move', async () => {
  const { email } = await site.person('viewer');
  const first = await logIn(email);
  const { status, body: second } = await refresh(first.refreshToken);
  expect(status).toBe(200);
  expect([second.refreshToken === first.refreshToken, second.accessToken === first.accessToken]).toEqual([false, false]);
  expect(second.refreshExpiresAt).toBe(first.refreshExpiresAt);
  expect([await isIn(first.accessToken), await isIn(second.accessToken)]).toEqual([true, true]);
  expect((await refresh(second.refreshToken)).status).toBe(200);
});

it('a refresh token that comes back ends the whole session at once, and it is audited', async () => {
  const { email, visitor } = await site.person('viewer');
  const first = await logIn(email);
  const { body: second } = await refresh(first.refreshToken);
  const { body: third } = await refresh(second.refreshToken);
  expect(await isIn(third.accessToken)).toBe(true);
  const again = await refresh(first.refreshToken);
  expect([again.status, again.body.code]).toEqual([401, 'auth.refresh_reused']);
  expect([await isIn(first.accessToken), await isIn(third.accessToken)]).toEqual([false, false]);
  expect((await refresh(third.refreshToken)).body.code).toBe('auth.refresh_refused');
  expect((await visitor.call('GET', '/api/auth/me')).status).toBe(200);
  expect(await audited('session.reuse_detected')).toContain(email);
});

it('of refreshes at the same instant exactly one wins, and the session ends', async () => {
  for (let round = 0; round < 5; round++) {
    await site.forgiveAll();
    const { email } = await site.person('viewer');
    const { refreshToken } = await logIn(email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'auth.refresh_reused')).toHaveLength(1);
    expect(await isIn(won[0]?.body.accessToken ?? '')).toBe(false);
  }
});

it('one credential never passes for another', async () => {
  const { email, visitor } = await site.person('viewer');
  const pair = await logIn(email);
  const cookie = visitor.cookie?.split('=')[1] ?? '';
  const { body: made } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  for (const token of [pair.refreshToken, cookie, hashToken(pair.refreshToken), hashToken(cookie)]) expect(await isIn(token), token.slice(0, 5)).toBe(false);
  for (const value of [pair.accessToken, pair.refreshToken, pair.refreshToken.slice(4), made.token, cookie, hashToken(pair.refreshToken)]) {
    if (value !== pair.refreshToken) expect((await refresh(value)).status).toBe(401);
    const planted = site.visitor();
    planted.cookie = `tidewheel=${value}`;
    if (value !== cookie) expect((await planted.call('GET', '/api/auth/me')).status).toBe(401);
  }
  expect(await isIn(pair.accessToken)).toBe(true);
});

it('session fixation: a planted value never becomes a session, whoever signs in with it', async () => {
  const { email } = await site.person('viewer');
  const planted = 'A'.repeat(43);
  const victim = site.visitor();
  victim.cookie = `tidewheel=${planted}`;
  expect((await victim.call('POST', '/api/auth/sign-in', { email, password })).status).toBe(200);
  expect(victim.cookie).not.toContain(planted);
  const attacker = site.visitor();
  attacker.cookie = `tidewheel=${planted}`;
  expect((await attacker.call('GET', '/api/auth/me')).status).toBe(401);
  // Nor does a session that the attacker has in the victim's browser live on as the victim's.
  const own = await site.person('operator');
  const before = own.visitor.cookie;
  const lured = site.visitor();
  lured.cookie = before;
  await lured.call('POST', '/api/auth/sign-in', { email, password });
  expect(lured.cookie).not.toBe(before);
  own.visitor.cookie = before;
  expect((await own.visitor.call('GET', '/api/auth/me')).status).toBe(401);
});

it('a revoked session refuses its access token at once; so do sign-out, a new password and the end of all', async () => {
  const { email, visitor, id } = await site.person('viewer');
  const revoked = await logIn(email);
  const listed = (await visitor.call<Session[]>('GET', '/api/auth/sessions')).body.find(({ kind }) => kind === 'api');
  await visitor.call('DELETE', `/api/auth/sessions/${listed?.id}`);
  expect([await isIn(revoked.accessToken), (await refresh(revoked.refreshToken)).body.code]).toEqual([false, 'auth.refresh_refused']);

  const out = await logIn(email);
  expect((await ask('POST', '/api/auth/sign-out', { token: out.accessToken })).body).toMatchObject({ ended: true });
  expect([await isIn(out.accessToken), (await refresh(out.refreshToken)).status]).toEqual([false, 401]);

  const other = await logIn(email);
  const mine = await logIn(email);
  const changed = await ask('POST', '/api/auth/password', { token: mine.accessToken, body: { current: password, password: 'staple battery horse correct' } });
  expect(changed.status).toBe(200);
  expect([await isIn(other.accessToken), await isIn(mine.accessToken)]).toEqual([false, true]);

  await site.admin.call('DELETE', `/api/users/${id}/sessions`);
  expect(await isIn(mine.accessToken)).toBe(false);
});

it('counts for the limit of sessions, ends when idle, and lives as its user does', async () => {
  const { email, id } = await site.person('viewer');
  await site.admin.call('PATCH', '/api/sign-in-rules', { maxSessions: 2 });
  const pairs = [await logIn(email), await logIn(email), await logIn(email)];
  await site.admin.call('PATCH', '/api/sign-in-rules', { maxSessions: 10 });
  expect(await Promise.all(pairs.map((pair) => isIn(pair.accessToken)))).toEqual([false, true, true]);
  await sql`update identity.session set created_at = now() - interval '2 days', last_seen_at = now() - interval '13 hours' where user_id = ${id}`.execute(db());
  expect(await isIn(pairs[2]?.accessToken ?? '')).toBe(false);
  expect((await refresh(pairs[2]?.refreshToken ?? '')).status).toBe(401);
  await sql`update identity.session set last_seen_at = now(), expires_at = now() - interval '1 second' where user_id = ${id}`.execute(db());
  expect((await refresh(pairs[1]?.refreshToken ?? '')).body.code).toBe('auth.refresh_refused');
});

it('role and workspace are read from the database with each request, not from the token', async () => {
  const { email, id } = await site.person('admin');
  const { accessToken } = await logIn(email);
  expect((await ask('GET', '/api/sign-in-rules', { token: accessToken })).status).toBe(200);
  await site.admin.call('PATCH', `/api/users/${id}`, { role: 'viewer' });
  expect((await ask('POST', '/api/invitations', { token: accessToken, body: { email: 'x@example.com', role: 'viewer' } })).status).toBe(403);
  // Signed by us, for a workspace in which the person is not, for another's session, for a browser's session.
  const forge = createAccessTokens(site.database.address.masterKey);
  const { rows } = await sql<{
    id: string;
    kind: string;
    userId: string;
  }>`select id, kind, user_id as "userId" from identity.session where user_id = ${id}`.execute(db());
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.id ?? '';
  const admin = (await site.admin.call<{ id: string }>('GET', '/api/auth/me')).body.id;
  const good = { userId: id, workspaceId: site.database.workspaceId, sessionId: of('api') };
  const tried = [good, { ...good, workspaceId: id }, { ...good, userId: admin }, { ...good, sessionId: of('web') }, { ...good, sessionId: id }];
  const taken = await Promise.all(tried.map(async (claims) => isIn((await forge.issue(claims)).token)));
  expect(taken).toEqual([true, false, false, false, false]);
});

it('verify says what is presented, for whom and until when, and answers 200 for what is not valid', async () => {
  const { email, visitor, id } = await site.person('viewer');
  const { accessToken, accessExpiresAt, refreshToken } = await logIn(email);
  const { body: made } = await visitor.call<{ token: string; expiresAt: string }>('POST', '/api/auth/tokens', { title: 'script' });
  const verify = async (token?: string) => (await ask('GET', '/api/verify', token === undefined ? {} : { token })).body;
  const common = { valid: true, user: { id, email }, workspace: site.database.workspaceId };
  expect(await verify(accessToken)).toEqual({ ...common, kind: 'access-token', expiresAt: accessExpiresAt });
  expect(await verify(made.token)).toEqual({ ...common, kind: 'api-token', expiresAt: made.expiresAt });
  expect((await visitor.call('GET', '/api/verify')).body).toMatchObject({ ...common, kind: 'session' });
  for (const token of [undefined, refreshToken, `${accessToken}x`, 'tw_x', '', 'a.b.c']) expect(await verify(token)).toEqual({ valid: false });
  expect((await visitor.call('GET', '/api/verify', undefined, { authorization: 'Bearer wrong' })).body).toEqual({ valid: false });
  await ask('POST', '/api/auth/sign-out', { token: accessToken });
  expect(await verify(accessToken)).toEqual({ valid: false });
});

it('revoke-all ends every session of mine, this one too, and my API tokens when asked', async () => {
  const { email, visitor } = await site.person('viewer');
  const { visitor: bystander } = await site.person('viewer');
  const pair = await logIn(email);
  const { body: made } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  expect((await ask('POST', '/api/revoke-all', { token: pair.accessToken, body: {} })).body).toEqual({ ended: 2, revoked: 0 });
  expect([await isIn(pair.accessToken), (await refresh(pair.refreshToken)).status, (await visitor.call('GET', '/api/auth/me')).status]).toEqual([
    false,
    401,
    401,
  ]);
  expect([await isIn(made.token), (await bystander.call('GET', '/api/auth/me')).status]).toEqual([true, 200]);
  expect((await ask('POST', '/api/revoke-all', { token: made.token, body: { apiTokens: true } })).body).toEqual({ ended: 0, revoked: 1 });
  expect(await isIn(made.token)).toBe(false);
  expect((await bystander.call('POST', '/api/revoke-all', { everybody: true })).status).toBe(403);
  expect((await bystander.call('GET', '/api/auth/me')).status).toBe(200);
});

it('an administrator ends everything of everybody with one call', async () => {
  const { email, visitor } = await site.person('viewer');
  const pair = await logIn(email);
  const { body: made } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  const admin = site.visitor();
  await admin.call('POST', '/api/auth/sign-in', { email: 'admin@example.com', password });
  expect((await admin.call('POST', '/api/revoke-all', { everybody: true, apiTokens: true })).status).toBe(200);
  expect([await isIn(pair.accessToken), await isIn(made.token), (await admin.call('GET', '/api/auth/me')).status]).toEqual([false, false, 401]);
  expect((await sql<{ n: number }>`select count(*)::int as n from identity.session`.execute(db())).rows[0]?.n).toBe(0);
  await site.admin.call('POST', '/api/auth/sign-in', { email: 'admin@example.com', password });
});
