// Several workspaces: who is in which, how a request says where it is, and that nobody gets further than he may.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';

let site: Site;
/** Administrator of the workspace treasury alone. */
let tessa: Awaited<ReturnType<Site['person']>>;
const at = (workspace: string) => ({ 'tidewheel-workspace': workspace });
interface Shown {
  slug: string;
  role: string | null;
  code?: string;
}
const me = async (visitor: Visitor, workspace?: string) => {
  const { status, body } = await visitor.call<{ workspace?: { slug: string }; code?: string; role?: string }>(
    'GET',
    '/api/auth/me',
    undefined,
    workspace ? at(workspace) : {},
  );
  return { status, slug: body.workspace?.slug, code: body.code, role: body.role };
};

beforeAll(async () => {
  site = await openSite();
  tessa = await site.person('viewer');
  await site.admin.call('POST', '/api/workspaces', { slug: 'treasury', title: 'Treasury', administrator: tessa.email });
  const left = await site.admin.call('DELETE', `/api/workspaces/main/members/${tessa.id}`);
  expect(left).toMatchObject({ status: 200, body: { removed: true } });
});
afterAll(() => site?.close());

describe('a request', () => {
  it('says its workspace by header or, in a link, by parameter; the person has another role in each', async () => {
    expect(await me(tessa.visitor)).toMatchObject({ status: 200, slug: 'treasury', role: 'admin' });
    expect(await me(site.admin, 'treasury')).toMatchObject({ slug: 'treasury', role: 'admin' });
    expect(await me(site.admin, 'main')).toMatchObject({ slug: 'main' });
    const link = await site.admin.call<{ workspace: { slug: string } }>('GET', '/api/auth/me?workspace=treasury');
    expect(link.body.workspace.slug).toBe('treasury');
  });
  it('without a say is where the person worked last', async () => {
    await sql`update identity.membership set last_used_at = now() - interval '1 hour'`.execute(site.database.databases.engine);
    await me(site.admin, 'treasury');
    await expect.poll(() => me(site.admin)).toMatchObject({ slug: 'treasury' });
    await sql`update identity.membership set last_used_at = null`.execute(site.database.databases.engine);
    await sql`update identity.session set last_seen_at = null`.execute(site.database.databases.engine);
    await me(site.admin, 'main');
    await expect.poll(() => me(site.admin)).toMatchObject({ slug: 'main' });
  });
  it('gets the same answer for a workspace that is not its own and for none at all', async () => {
    const other = await me(tessa.visitor, 'main');
    const none = await me(tessa.visitor, 'nowhere');
    expect(other).toEqual({ status: 403, code: 'workspace.not_member', slug: undefined, role: undefined });
    expect(none).toEqual(other);
    expect(await me(site.visitor(), 'main')).toMatchObject({ status: 401 });
  });
  it('is refused for what is no slug, without a fault of ours', async () => {
    for (const wild of ["' or 1=1 --", '../main', 'Main', 'x'.repeat(5_000), '%00']) expect(await me(site.admin, wild)).toMatchObject({ status: 403 });
  });
  it('with a token stays in the workspace of the token', async () => {
    const { body } = await site.admin.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'here' }, at('treasury'));
    const bearer = { authorization: `Bearer ${body.token}` };
    const guest = site.visitor();
    expect((await guest.call<{ workspace: Shown }>('GET', '/api/auth/me', undefined, bearer)).body.workspace.slug).toBe('treasury');
    expect(await guest.call('GET', '/api/auth/me', undefined, { ...bearer, ...at('main') })).toMatchObject({
      status: 403,
      body: { code: 'workspace.not_member' },
    });
  });
  it('with an access token stays in its workspace; a refresh takes the session to another', async () => {
    const guest = site.visitor();
    const pair = await guest.call<{ accessToken: string; refreshToken: string }>(
      'POST',
      '/api/auth/login',
      { email: 'admin@example.com', password },
      at('main'),
    );
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect(await guest.call('GET', '/api/auth/me', undefined, { ...bearer(pair.body.accessToken), ...at('treasury') })).toMatchObject({ status: 403 });
    const strange = await guest.call('POST', '/api/auth/refresh', { refreshToken: pair.body.refreshToken }, at('nowhere'));
    expect(strange).toMatchObject({ status: 403, body: { code: 'workspace.not_member' } });
    const next = await guest.call<typeof pair.body>('POST', '/api/auth/refresh', { refreshToken: pair.body.refreshToken }, at('treasury'));
    expect((await guest.call<{ workspace: Shown }>('GET', '/api/auth/me', undefined, bearer(next.body.accessToken))).body.workspace.slug).toBe('treasury');
    const stays = await guest.call<typeof pair.body>('POST', '/api/auth/refresh', { refreshToken: next.body.refreshToken });
    expect((await guest.call<{ workspace: Shown }>('GET', '/api/auth/me', undefined, bearer(stays.body.accessToken))).body.workspace.slug).toBe('treasury');
  });
});

describe('a workspace', () => {
  it('is listed for its members alone, with numbers only where they are theirs', async () => {
    const all = await site.admin.call<Shown[]>('GET', '/api/workspaces', undefined, at('main'));
    expect(all.body).toMatchObject([
      { slug: 'main', main: true, role: 'admin' },
      { slug: 'treasury', main: false, members: 2 },
    ]);
    const own = await tessa.visitor.call<Shown[]>('GET', '/api/workspaces');
    expect(own.body).toMatchObject([{ slug: 'treasury', role: 'admin' }]);
    expect(await tessa.visitor.call('GET', '/api/workspaces/main')).toMatchObject({ status: 404, body: { code: 'workspace.unknown' } });
  });
  it('is made and changed by administrators of the main workspace, not of another', async () => {
    for (const [method, path, body] of [
      ['POST', '/api/workspaces', { slug: 'mine', title: 'Mine' }],
      ['PATCH', '/api/workspaces/treasury', { title: 'Mine' }],
      ['POST', '/api/workspaces/treasury/archive', undefined],
    ] as const)
      expect(await tessa.visitor.call(method, path, body)).toMatchObject({ status: 403, body: { code: 'permission.missing' } });
  });
  it('keeps the names it had', async () => {
    await site.admin.call('POST', '/api/workspaces', { slug: 'colours', title: 'Colours' }, at('main'));
    expect(await site.admin.call('PATCH', '/api/workspaces/colours', { slug: 'colors' }, at('main'))).toMatchObject({ status: 200, body: { slug: 'colors' } });
    expect(await me(site.admin, 'colours')).toMatchObject({ status: 200, slug: 'colors' });
    expect(await site.admin.call('POST', '/api/workspaces', { slug: 'colours', title: 'Again' }, at('main'))).toMatchObject({ status: 409 });
    expect(await site.admin.call('PATCH', '/api/workspaces/treasury', { slug: 'colours' }, at('main'))).toMatchObject({ status: 409 });
    expect(await site.admin.call('PATCH', '/api/workspaces/colors', { slug: 'colours' }, at('main'))).toMatchObject({ status: 200, body: { slug: 'colours' } });
    expect(await me(site.admin, 'colors')).toMatchObject({ slug: 'colours' });
  });
  it('that is archived lets nobody in, by whatever credential, until it is restored; the main one never is', async () => {
    const { body } = await site.admin.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'gone' }, at('treasury'));
    const bearer = { authorization: `Bearer ${body.token}` };
    expect(await site.admin.call('POST', '/api/workspaces/treasury/archive', undefined, at('main'))).toMatchObject({ status: 200 });
    expect(await me(site.admin, 'treasury')).toMatchObject({ status: 403, code: 'workspace.archived' });
    expect(await site.visitor().call('GET', '/api/auth/me', undefined, bearer)).toMatchObject({ status: 403, body: { code: 'workspace.archived' } });
    expect(await me(tessa.visitor)).toMatchObject({ status: 401 });
    expect(await site.visitor().call('POST', '/api/auth/sign-in', { email: tessa.email, password })).toMatchObject({
      status: 403,
      body: { code: 'auth.suspended' },
    });
    await site.admin.call('POST', '/api/workspaces/treasury/restore', undefined, at('main'));
    expect(await me(tessa.visitor)).toMatchObject({ status: 200, slug: 'treasury' });
    expect(await site.admin.call('POST', '/api/workspaces/main/archive', undefined, at('main'))).toMatchObject({
      status: 409,
      body: { code: 'workspace.main' },
    });
  });
  it('has the local operator as an administrator from its start', async () => {
    const { rows } = await sql<{ places: number }>`select count(*)::int as places from workspace`.execute(site.database.databases.engine);
    expect(rows[0]?.places).toBeGreaterThan(1);
    await sql`insert into identity."user" (id, name, email, kind) values (gen_random_uuid(), 'Local', 'op@localhost', 'local')`.execute(
      site.database.databases.engine,
    );
    await site.admin.call('POST', '/api/workspaces', { slug: 'newest', title: 'Newest' }, at('main'));
    const found = await sql<{
      role: string;
    }>`select m.role from identity.membership m join identity."user" u on u.id = m.user_id join workspace w on w.id = m.workspace_id
      where u.kind = 'local' and w.slug = 'newest'`.execute(site.database.databases.engine);
    expect(found.rows).toEqual([{ role: 'admin' }]);
  });
});

describe('members', () => {
  it('are added by e-mail, once, in a role that there is and that is not above the giver', async () => {
    const ben = await site.person('viewer');
    const add = (visitor: Visitor, body: object) => visitor.call('POST', '/api/workspaces/treasury/members', body);
    expect(await add(tessa.visitor, { email: ben.email, role: 'emperor' })).toMatchObject({ status: 400, body: { code: 'role.unknown' } });
    expect(await add(tessa.visitor, { email: 'nobody@example.com', role: 'viewer' })).toMatchObject({ status: 404, body: { code: 'user.unknown' } });
    expect(await add(tessa.visitor, { email: ben.email.toUpperCase(), role: 'operator' })).toMatchObject({
      status: 201,
      body: { email: ben.email, role: 'operator' },
    });
    expect(await add(tessa.visitor, { email: ben.email, role: 'viewer' })).toMatchObject({ status: 409, body: { code: 'member.exists' } });
    expect(await me(ben.visitor, 'treasury')).toMatchObject({ role: 'operator' });
    expect(await me(ben.visitor, 'main')).toMatchObject({ role: 'viewer' });
    const rules = JSON.stringify([{ effect: 'allow', permissions: ['user.read', 'user.edit'] }]);
    const { rows } = await sql<{ id: string }>`select id from workspace where slug = 'treasury'`.execute(site.database.databases.engine);
    await sql`insert into identity.role (workspace_id, slug, title, rules) values (${rows[0]?.id}, 'hr', 'HR', ${rules}::jsonb)`.execute(
      site.database.databases.engine,
    );
    const cleo = await site.person('viewer');
    await add(tessa.visitor, { email: cleo.email, role: 'hr' });
    const dan = await site.person('viewer');
    const above = await cleo.visitor.call('POST', '/api/workspaces/treasury/members', { email: dan.email, role: 'admin' }, at('treasury'));
    expect(above).toMatchObject({ status: 403, body: { code: 'permission.above_own' } });
    expect(await me(dan.visitor, 'treasury')).toMatchObject({ status: 403 });
  });
  it('of another workspace are out of reach, and so are their accounts (takeover by adding the victim)', async () => {
    const victim = await site.person('admin');
    expect(await tessa.visitor.call('GET', '/api/workspaces/main/members')).toMatchObject({ status: 404 });
    expect(await tessa.visitor.call('POST', '/api/workspaces/treasury/members', { email: victim.email, role: 'viewer' })).toMatchObject({ status: 201 });
    await site.setMail(false);
    for (const [method, path, body] of [
      ['POST', `/api/users/${victim.id}/password-reset`, undefined],
      ['PATCH', `/api/users/${victim.id}/profile`, { name: 'Mine' }],
      ['DELETE', `/api/users/${victim.id}/second-factor`, undefined],
      ['GET', `/api/users/${victim.id}/sessions`, undefined],
      ['DELETE', `/api/users/${victim.id}/sessions`, undefined],
    ] as const) {
      const { status, body: answer } = await tessa.visitor.call(method, path, body);
      expect([path, status, answer['code']]).toEqual([path, 403, 'user.elsewhere']);
    }
    await site.setMail(true);
    expect(await tessa.visitor.call('DELETE', `/api/workspaces/treasury/members/${victim.id}`)).toMatchObject({ status: 200 });
    expect(await site.visitor().call('POST', '/api/auth/sign-in', { email: victim.email, password })).toMatchObject({ status: 200 });
  });
  it('lose what they hold there when they are removed, at once', async () => {
    const eve = await site.person('viewer');
    await tessa.visitor.call('POST', '/api/workspaces/treasury/members', { email: eve.email, role: 'admin' });
    const { body } = await eve.visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'mine' }, at('treasury'));
    expect(await tessa.visitor.call('DELETE', `/api/workspaces/treasury/members/${eve.id}`)).toMatchObject({ status: 200 });
    expect(await me(eve.visitor, 'treasury')).toMatchObject({ status: 403 });
    expect(await me(eve.visitor, 'main')).toMatchObject({ status: 200 });
    expect(await site.visitor().call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${body.token}` })).toMatchObject({ status: 401 });
  });
  it('stay at least one administrator', async () => {
    await site.admin.call('POST', '/api/workspaces', { slug: 'lonely', title: 'Lonely' }, at('main'));
    const { body } = await site.admin.call<{ id: string }>('GET', '/api/auth/me');
    const left = await site.admin.call('DELETE', `/api/workspaces/lonely/members/${body.id}`, undefined, at('main'));
    expect(left).toMatchObject({ status: 409, body: { code: 'user.last_administrator' } });
  });
});
