// Roles, grants, delegations and the separation of duties against a real database: above all the attacks on them.
import type { Delegation, Grant, ObjectAccess, RoleInfo, Why } from '@tidewheel/contract/routes/access';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Violation } from '@tidewheel/contract/routes/separations';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../app/system-actor.ts';
import type { LoggedChange } from '../../base/change-module.ts';
import { newId } from '../../base/ids.ts';
import { accessChanges } from './access-changes.ts';
import { openSite, password, type Site } from './testing/site.ts';
import type { Answer, Visitor } from './testing/visitor.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.setMail(false);
  for (const [slug, folder] of [
    ['emir', 'finance'],
    ['payroll', 'people'],
  ] as const)
    await site.database.databases.engine
      .insertInto('flow')
      .values({
        workspace_id: site.database.workspaceId,
        id: newId(),
        slug,
        title: slug,
        kind: 'report',
        folder,
        description: null,
        newest_version: 1,
        step_count: 1,
      })
      .execute();
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.setMail(false);
  await sql`delete from identity.separation`.execute(site.database.databases.engine);
});

interface Problem {
  code: string;
  detail: string;
  hint?: string;
  details: Record<string, unknown>;
}
const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
let count = 0;

/** A role of its own with these rules, made by the administrator. */
async function role(rules: unknown[], masks: unknown[] = []): Promise<string> {
  const slug = `role-${++count}`;
  const made = await site.admin.call('POST', '/api/roles', { slug, title: `Role ${count}`, rules, masks });
  expect(made.body).toMatchObject({ slug });
  return slug;
}
async function person(slug: string): Promise<{ visitor: Visitor; email: string; id: string }> {
  const email = `${slug}-${++count}@example.com`;
  const { body } = await site.admin.call<{ link: string }>('POST', '/api/invitations', { email, role: slug });
  const visitor = site.visitor();
  const made = await visitor.call<Me>('POST', `/api/auth/links/${body.link.split('/').at(-1)}`, { email, name: email, password });
  expect(made.status).toBe(201);
  return { visitor, email, id: made.body.id };
}
const withRules = async (rules: unknown[], masks: unknown[] = []) => person(await role(rules, masks));
const permissionsOf = async (visitor: Visitor) => (await visitor.call<Me>('GET', '/api/auth/me')).body.permissions;
function refused(answer: Answer, status: number, code: string): Problem {
  expect(answer.body).toMatchObject({ status, code });
  return answer.body as unknown as Problem;
}

describe('roles', () => {
  it('lists presets and own ones with how many hold them', async () => {
    await person('viewer');
    const { body } = await site.admin.call<RoleInfo[]>('GET', '/api/roles');
    expect(body.slice(0, 6).map((one) => one.slug)).toEqual(['admin', 'developer', 'designer', 'operator', 'viewer', 'executive']);
    expect(body.find((one) => one.slug === 'admin')).toMatchObject({ preset: true, fixed: true, changed: false, revision: 0 });
    expect(body.find((one) => one.slug === 'viewer')?.holders).toBeGreaterThan(0);
  });

  it('is copied, changed, found changed by somebody else, and deleted only when nobody holds it', async () => {
    const copy = await site.admin.call<RoleInfo>('POST', '/api/roles', { slug: 'night', title: 'Night shift', copyFrom: 'operator' });
    expect([copy.status, copy.body.rules[0]?.permissions]).toEqual([201, expect.arrayContaining(['flow.run', 'run.cancel'])]);
    refused(await site.admin.call('POST', '/api/roles', { slug: 'night', title: 'Night shift' }), 409, 'role.exists');
    expect(refused(await site.admin.call('POST', '/api/roles', { slug: 'x1', title: 'X', copyFrom: 'operatr' }), 400, 'role.unknown').hint).toContain(
      'operator',
    );
    const change = { title: 'Night', description: '', rules: [{ permissions: ['flow.read'] }], masks: [], revision: copy.body.revision };
    const changed = await site.admin.call<RoleInfo>('PUT', '/api/roles/night', change);
    expect(changed.body).toMatchObject({ title: 'Night', revision: copy.body.revision + 1 });
    expect(refused(await site.admin.call('PUT', '/api/roles/night', change), 409, 'role.changed_meanwhile').details).toMatchObject({ revision: 2 });
    const holder = await person('night');
    expect(await permissionsOf(holder.visitor)).toEqual(['flow.read']);
    expect(refused(await site.admin.call('DELETE', '/api/roles/night'), 409, 'role.held').detail).toContain(holder.email);
    await site.admin.call('PATCH', `/api/users/${holder.id}`, { role: 'viewer' });
    await site.admin.call('POST', '/api/invitations', { email: 'later@example.com', role: 'night' });
    expect(refused(await site.admin.call('DELETE', '/api/roles/night'), 409, 'role.held').detail).toContain('later@example.com');
    await sql`update identity.one_time_link set revoked_at = now() where email = 'later@example.com'`.execute(site.database.databases.engine);
    expect((await site.admin.call('DELETE', '/api/roles/night')).status).toBe(200);
    refused(await site.admin.call('GET', '/api/roles/night'), 404, 'role.unknown');
  });

  it('of two changes at the same instant one wins', async () => {
    const slug = await role([{ permissions: ['flow.read'] }]);
    const body = (title: string) => ({ title, description: '', rules: [{ permissions: ['run.read'] }], masks: [], revision: 1 });
    const answers = await Promise.all(['A', 'B', 'C', 'D'].map((title) => site.admin.call('PUT', `/api/roles/${slug}`, body(title))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('a preset is changed and reset; an edit of before the reset is refused; admin cannot be changed', async () => {
    const executive = (await site.admin.call<RoleInfo>('GET', '/api/roles/executive')).body;
    const body = { title: 'Boss', description: '', rules: [{ permissions: ['flow.read'] }], masks: [], revision: executive.revision };
    const boss = await person('executive');
    expect((await site.admin.call<RoleInfo>('PUT', '/api/roles/executive', body)).body).toMatchObject({ changed: true, title: 'Boss', revision: 1 });
    expect(await permissionsOf(boss.visitor)).toEqual(['flow.read']);
    expect((await site.admin.call<RoleInfo>('POST', '/api/roles/executive/reset')).body).toMatchObject({
      changed: false,
      title: 'Executive',
      rules: executive.rules,
    });
    expect(await permissionsOf(boss.visitor)).toEqual(['flow.read', 'run.read', 'schedule.read', 'approval.decide', 'artifact.read', 'color.read']);
    refused(await site.admin.call('PUT', '/api/roles/executive', { ...body, revision: 1 }), 409, 'role.changed_meanwhile');
    refused(await site.admin.call('PUT', '/api/roles/admin', { ...body, revision: 0 }), 409, 'role.fixed');
    refused(await site.admin.call('DELETE', '/api/roles/viewer'), 409, 'role.preset');
    // Not by the database either.
    await sql`insert into identity.role (workspace_id, slug, title, rules) values (${site.database.workspaceId}, 'admin', 'Admin', '[]')`.execute(
      site.database.databases.engine,
    );
    expect(await permissionsOf(site.admin)).toContain('role.edit');
    await sql`delete from identity.role where slug = 'admin'`.execute(site.database.databases.engine);
  });

  it('every place that names a role wants one that exists', async () => {
    const someone = await person('viewer');
    expect(refused(await site.admin.call('PATCH', `/api/users/${someone.id}`, { role: 'operater' }), 400, 'role.unknown').hint).toContain('operator');
    refused(await site.admin.call('POST', '/api/invitations', { email: 'a@example.com', role: 'nope' }), 400, 'role.unknown');
    refused(await site.admin.call('PATCH', '/api/sign-in-rules', { registrationRole: 'nope' }), 400, 'role.unknown');
    refused(await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: ['viewr'] }), 400, 'role.unknown');
    refused(await site.admin.call('POST', '/api/grants', { user: someone.email, role: 'nope', reason: 'because' }), 400, 'role.unknown');
  });

  it('the matrix says all, some or none', async () => {
    const slug = await role([{ permissions: ['flow.run'], where: { folder: ['finance'] } }]);
    const { body } = await site.admin.call<{ roles: { slug: string; cells: Record<string, string> }[] }>('GET', '/api/access/matrix');
    expect(body.roles.find((one) => one.slug === slug)?.cells).toMatchObject({ 'flow.run': 'some', 'flow.edit': 'none' });
    expect(body.roles.find((one) => one.slug === 'admin')?.cells).toMatchObject({ 'security.edit': 'all' });
  });
});

describe('nobody gives more than he has', () => {
  const editor = [
    { permissions: ['role.read', 'role.edit', 'user.read', 'user.edit', 'grant.edit', 'flow.read'] },
    { permissions: ['flow.run'], where: { folder: ['finance'] } },
  ];

  it('neither by a role that he makes, nor by widening his own, nor by taking a mask or a denial away', async () => {
    const slug = await role(
      [...editor, { effect: 'deny', permissions: ['flow.run'], where: { flow: ['emir'] } }, { permissions: ['run.read'] }],
      [{ type: 'run', field: 'parameters', as: 'hidden' }],
    );
    const { visitor } = await person(slug);
    const own = (await visitor.call<RoleInfo>('GET', `/api/roles/${slug}`)).body;
    const put = (change: Partial<RoleInfo>) =>
      visitor.call('PUT', `/api/roles/${slug}`, { title: own.title, description: '', rules: own.rules, masks: own.masks, revision: own.revision, ...change });
    refused(await visitor.call('POST', '/api/roles', { slug: 'evil', title: 'Evil', copyFrom: 'admin' }), 403, 'access.beyond_own');
    refused(await visitor.call('POST', '/api/roles', { slug: 'evil', title: 'Evil', rules: [{ permissions: ['flow.run'] }] }), 403, 'access.beyond_own');
    refused(await put({ rules: [...own.rules, { effect: 'allow', permissions: ['flow.edit'] }] }), 403, 'access.beyond_own');
    refused(await put({ rules: own.rules.filter((rule) => rule.effect === 'allow') }), 403, 'access.beyond_own');
    expect(refused(await put({ masks: [] }), 403, 'access.beyond_own').detail).toContain('kept from you');
    expect((await put({ title: 'Same, by another name' })).status).toBe(200);
    const narrow = { slug: 'narrow-1', title: 'Narrow', rules: [{ permissions: ['flow.run'], where: { folder: ['finance/a'], flow: ['x'] } }] };
    expect((await visitor.call('POST', '/api/roles', narrow)).status).toBe(201);
  });

  it('nor by a role that he puts on himself, on another or into an invitation', async () => {
    const { visitor, id } = await withRules(editor);
    const other = await person('viewer');
    for (const role of ['admin', 'developer', 'operator']) {
      refused(await visitor.call('PATCH', `/api/users/${id}`, { role }), 403, 'access.beyond_own');
      refused(await visitor.call('POST', '/api/invitations', { email: `${role}@elsewhere.example`, role }), 403, 'access.beyond_own');
    }
    // Nor does he pull down who stands above him.
    expect((await permissionsOf(other.visitor)).length).toBeGreaterThan(1);
    const above = await person('admin');
    refused(await visitor.call('PATCH', `/api/users/${above.id}`, { role: 'executive' }), 403, 'access.beyond_own');
    expect((await above.visitor.call<Me>('GET', '/api/auth/me')).body.role).toBe('admin');
  });

  it('nor by a grant, to himself or another, of a role, of rules or on an object', async () => {
    const { visitor, email } = await withRules(editor);
    const grant = (what: object) => visitor.call('POST', '/api/grants', { user: email, reason: 'for me', ...what });
    refused(await grant({ role: 'admin' }), 403, 'access.beyond_own');
    refused(await grant({ rules: [{ permissions: ['flow.run'] }] }), 403, 'access.beyond_own');
    refused(await grant({ share: { type: 'flow', object: 'payroll', permissions: ['flow.run'] } }), 403, 'access.beyond_own');
    refused(await grant({ share: { type: 'folder', object: 'people', permissions: ['flow.run'] } }), 403, 'access.beyond_own');
    refused(await grant({ share: { type: 'flow', object: 'emir', permissions: ['flow.edit'] } }), 403, 'access.beyond_own');
    expect((await grant({ share: { type: 'flow', object: 'emir', permissions: ['flow.run'] } })).status).toBe(201);
    refused(await grant({ share: { type: 'flow', object: 'emir*', permissions: ['flow.run'] } }), 400, 'request.invalid');
  });

  it('nor for longer than he has it, nor what was lent to him', async () => {
    const lender = await withRules([{ permissions: ['flow.edit', 'flow.read'] }]);
    const borrower = await withRules([{ permissions: ['grant.edit', 'role.read', 'role.edit', 'flow.read'] }]);
    expect((await lender.visitor.call('POST', '/api/delegations', { to: borrower.email, reason: 'away', until: until(5) })).status).toBe(201);
    expect(await permissionsOf(borrower.visitor)).toContain('flow.edit');
    const rules = [{ permissions: ['flow.edit'] }];
    const give = (end: string | null) => borrower.visitor.call('POST', '/api/grants', { user: borrower.email, rules, reason: 'keep it', until: end });
    refused(await give(null), 403, 'access.beyond_own');
    refused(await give(until(2)), 403, 'access.beyond_own');
    refused(await borrower.visitor.call('POST', '/api/roles', { slug: 'kept', title: 'Kept', rules }), 403, 'access.beyond_own');
    await site.admin.call('POST', '/api/grants', { user: borrower.email, rules, reason: 'for a week', until: until(7) });
    refused(await give(null), 403, 'access.beyond_own');
    refused(await give(until(8)), 403, 'access.beyond_own');
    expect((await give(until(6))).status).toBe(201);
  });

  it('an administrator of another workspace counts for nothing in this one', async () => {
    const { engine } = site.database.databases;
    const other = newId();
    await sql`insert into workspace (id, slug, title) values (${other}, 'other', 'Other')`.execute(engine);
    const { visitor, id } = await person('viewer');
    await sql`insert into identity.membership (workspace_id, user_id, role) values (${other}, ${id}, 'admin')`.execute(engine);
    expect(await permissionsOf(visitor)).not.toContain('role.edit');
    const there = await visitor.call<Me>('GET', '/api/auth/me', undefined, { 'tidewheel-workspace': 'other' });
    expect(there.body.permissions).toContain('role.edit');
    expect(there.body.permissions).not.toContain('security.edit');
    // There it may give everything that counts there, the role admin too.
    const invited = await visitor.call('POST', '/api/invitations', { email: 'second@other.example', role: 'admin' }, { 'tidewheel-workspace': 'other' });
    expect(invited.status).toBe(201);
    await sql`delete from identity.membership where workspace_id = ${other}`.execute(engine);
    await sql`delete from identity.one_time_link where workspace_id = ${other}`.execute(engine);
  });
});

describe('grants', () => {
  it('give more for a time and lapse by themselves; planned ones wait; revoked ones end at once', async () => {
    const { visitor, email } = await person('executive');
    const grant = (what: object) => site.admin.call<Grant>('POST', '/api/grants', { user: email, reason: 'on call', ...what });
    const made = await grant({ role: 'operator', until: until(1) });
    expect(made.body).toMatchObject({ state: 'active', role: 'operator', user: { email }, share: null });
    expect(await permissionsOf(visitor)).toContain('run.cancel');
    await sql`update identity.access_grant set starts_at = now() - interval '2 days', ends_at = now() - interval '1 second' where id = ${made.body.id}`.execute(
      site.database.databases.engine,
    );
    expect(await permissionsOf(visitor)).not.toContain('run.cancel');
    refused(await site.admin.call('DELETE', `/api/grants/${made.body.id}`), 409, 'grant.over');
    const planned = await grant({ role: 'operator', from: until(1), until: until(2) });
    expect(planned.body.state).toBe('planned');
    expect(await permissionsOf(visitor)).not.toContain('run.cancel');
    await sql`update identity.access_grant set starts_at = now() - interval '1 second' where id = ${planned.body.id}`.execute(site.database.databases.engine);
    expect(await permissionsOf(visitor)).toContain('run.cancel');
    expect((await site.admin.call<Grant>('DELETE', `/api/grants/${planned.body.id}`)).body).toMatchObject({ state: 'revoked', revokedBy: 'admin@example.com' });
    expect(await permissionsOf(visitor)).not.toContain('run.cancel');
    const list = await site.admin.call<{ items: Grant[] }>('GET', `/api/grants?user=${email}`);
    expect(list.body.items.map((one) => one.state)).toEqual(['revoked', 'lapsed']);
  });

  it.each([
    ['both a role and rules', { role: 'viewer', rules: [{ permissions: ['flow.read'] }] }, 'request.invalid'],
    ['nothing', {}, 'request.invalid'],
    ['an end in the past', { role: 'viewer', until: '2020-01-01T00:00:00.000Z' }, 'grant.period'],
    ['an end before the beginning', { role: 'viewer', from: until(3), until: until(2) }, 'grant.period'],
    ['in a thousand years', { role: 'viewer', until: '3026-01-01T00:00:00.000Z' }, 'grant.period'],
    ['a permission that says nothing about a flow', { share: { type: 'flow', object: 'emir', permissions: ['user.edit'] } }, 'grant.permissions'],
  ])('refuses %s', async (_name, what, code) => {
    refused(await site.admin.call('POST', '/api/grants', { user: 'admin@example.com', reason: 'because', ...what }), 400, code);
  });

  it('whoever may share an object shares that and nothing else', async () => {
    const sharer = await withRules([{ permissions: ['flow.read', 'flow.run', 'grant.edit'], where: { folder: ['finance'] } }]);
    const friend = await withRules([{ permissions: ['file.read'] }]);
    const share = (object: string, permissions: string[]) =>
      sharer.visitor.call<Grant>('POST', '/api/grants', {
        user: friend.email,
        reason: 'until Friday',
        until: until(3),
        share: { type: 'flow', object, permissions },
      });
    const made = await share('emir', ['flow.read', 'flow.run']);
    expect(made.body).toMatchObject({ share: { type: 'flow', object: 'emir', permissions: ['flow.read', 'flow.run'] } });
    expect(await permissionsOf(friend.visitor)).toEqual(['flow.read', 'flow.run', 'file.read']);
    // It may not be seen, so it does not exist.
    refused(await share('payroll', ['flow.read']), 404, 'flow.unknown');
    refused(await share('nothing-of-the-kind', ['flow.read']), 404, 'flow.unknown');
    refused(await sharer.visitor.call('POST', '/api/grants', { user: friend.email, reason: 'all', role: 'viewer' }), 403, 'permission.missing');
    const who = (await sharer.visitor.call<ObjectAccess>('GET', '/api/access/who?type=flow&object=emir&limit=200')).body;
    const row = who.items.find((item) => item.user.email === friend.email);
    expect(row).toMatchObject({ permissions: ['flow.read', 'flow.run'], through: [{ kind: 'grant', grant: made.body.id }] });
    expect(who.items.find((item) => item.user.email === 'admin@example.com')?.through[0]).toMatchObject({ kind: 'role', source: 'role Admin' });
    refused(await friend.visitor.call('DELETE', `/api/grants/${made.body.id}`), 403, 'permission.missing');
    const foreign = await site.admin.call<Grant>('POST', '/api/grants', { user: friend.email, reason: 'admins alone', role: 'viewer' });
    refused(await sharer.visitor.call('DELETE', `/api/grants/${foreign.body.id}`), 404, 'grant.unknown');
    expect((await sharer.visitor.call('DELETE', `/api/grants/${made.body.id}`)).status).toBe(200);
    expect((await sharer.visitor.call<{ items: Grant[] }>('GET', '/api/grants')).body.items.map((one) => one.id)).toEqual([made.body.id]);
  });

  it('an address that a role masks is masked beside grants and roles too', async () => {
    const { visitor } = await withRules(
      [{ permissions: ['user.read', 'role.read', 'grant.edit', 'flow.read', 'service_account.read'] }],
      [{ type: 'user', field: 'email', as: 'masked' }],
    );
    expect((await site.admin.call('POST', '/api/service-accounts', { slug: 'masked-loads', title: 'Loads', role: 'viewer' })).status).toBe(201);
    expect((await site.admin.call('POST', '/api/service-accounts/masked-loads/keys', { title: 'Night' })).status).toBe(201);
    await site.admin.call('POST', '/api/invitations', { email: 'invited@example.com', role: 'viewer' });
    const texts = await Promise.all(
      [
        '/api/grants',
        '/api/access/who?type=flow&object=emir&limit=2',
        '/api/roles/admin/holders',
        '/api/separations/violations',
        '/api/delegations?of=all',
        '/api/separations',
        '/api/invitations',
        '/api/service-accounts',
        '/api/service-accounts/masked-loads',
        '/api/service-accounts/masked-loads/keys',
        '/api/workspaces/main/members',
      ].map(async (path) => {
        const { status, body } = await visitor.call('GET', path);
        expect(status).toBe(200);
        return JSON.stringify(body);
      }),
    );
    for (const text of texts) expect(text).not.toMatch(/"email":"(?!role-)[^"•]/);
    expect(texts.join()).not.toMatch(/(admin|invited)@example\.com/);
    refused(await site.admin.call('GET', '/api/access/who?type=flow&object=emir&cursor=x'), 400, 'page.cursor');
  });

  it('who has access is read page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page: ObjectAccess = (
        await site.admin.call<ObjectAccess>('GET', `/api/access/who?type=flow&object=emir&limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      ).body;
      seen.push(...page.items.map((item) => item.user.email));
      cursor = page.next;
    } while (cursor !== null);
    const all = (await site.admin.call<ObjectAccess>('GET', '/api/access/who?type=flow&object=emir&limit=200')).body.items.map((item) => item.user.email);
    expect(seen).toEqual(all);
  });

  it('a role that asks for a second factor is granted and lent to those only who have one', async () => {
    const { engine } = site.database.databases;
    const slug = await role([{ permissions: ['flow.edit'] }]);
    const { visitor, email } = await person('executive');
    const lender = await person(slug);
    await site.admin.call('POST', '/api/grants', { user: email, role: slug, reason: 'on call' });
    await lender.visitor.call('POST', '/api/delegations', { to: email, reason: 'away', until: until(1) });
    expect(await permissionsOf(visitor)).toContain('flow.edit');
    await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: [slug] });
    expect(await permissionsOf(visitor)).not.toContain('flow.edit');
    await sql`insert into identity.email_factor (user_id) select id from identity."user" where email = ${email}`.execute(engine);
    expect(await permissionsOf(visitor)).toContain('flow.edit');
    await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: [] });
  });
});

describe('delegations', () => {
  it('give what the lender has at that moment, until the day, and cannot be lent on', async () => {
    const lender = await person('operator');
    const middle = await person('executive');
    const last = await person('executive');
    const lent = await lender.visitor.call<Delegation>('POST', '/api/delegations', { to: middle.email, reason: 'on holiday', until: until(3) });
    expect(lent.body).toMatchObject({ state: 'active', permissions: null, from: { email: lender.email }, to: { email: middle.email } });
    expect(await permissionsOf(middle.visitor)).toContain('run.cancel');
    // The chain ends here: what the one in the middle lends is what the own role gives.
    expect((await middle.visitor.call('POST', '/api/delegations', { to: last.email, reason: 'chain', until: until(3) })).status).toBe(201);
    expect(await permissionsOf(last.visitor)).not.toContain('run.cancel');
    refused(
      await middle.visitor.call('POST', '/api/delegations', { to: last.email, permissions: ['run.cancel'], reason: 'chain', until: until(3) }),
      400,
      'delegation.not_held',
    );
    await site.admin.call('PATCH', `/api/users/${lender.id}`, { role: 'executive' });
    expect(await permissionsOf(middle.visitor)).not.toContain('run.cancel');
    await site.admin.call('PATCH', `/api/users/${lender.id}`, { role: 'operator' });
    expect(await permissionsOf(middle.visitor)).toContain('run.cancel');
    await sql`update identity.membership set suspended_at = now() where user_id = ${lender.id}`.execute(site.database.databases.engine);
    expect(await permissionsOf(middle.visitor)).not.toContain('run.cancel');
    await sql`update identity.membership set suspended_at = null where user_id = ${lender.id}`.execute(site.database.databases.engine);
    await sql`update identity.delegation set starts_at = now() - interval '2 days', ends_at = now() - interval '1 second' where id = ${lent.body.id}`.execute(
      site.database.databases.engine,
    );
    expect(await permissionsOf(middle.visitor)).not.toContain('run.cancel');
  });

  it('can be of some permissions, are seen by both and by administrators, and ended by each of them', async () => {
    const lender = await person('operator');
    const borrower = await person('executive');
    const stranger = await person('viewer');
    const lend = () =>
      lender.visitor.call<Delegation>('POST', '/api/delegations', { to: borrower.email, permissions: ['run.cancel'], reason: 'tonight', until: until(1) });
    const first = (await lend()).body;
    expect(await permissionsOf(borrower.visitor)).toEqual([
      'flow.read',
      'run.read',
      'run.cancel',
      'schedule.read',
      'approval.decide',
      'artifact.read',
      'color.read',
    ]);
    for (const { visitor } of [lender, borrower])
      expect((await visitor.call<{ items: Delegation[] }>('GET', '/api/delegations')).body.items[0]?.id).toBe(first.id);
    expect((await stranger.visitor.call<{ items: Delegation[] }>('GET', '/api/delegations')).body.items).toEqual([]);
    refused(await stranger.visitor.call('GET', '/api/delegations?of=all'), 403, 'permission.missing');
    refused(await stranger.visitor.call('DELETE', `/api/delegations/${first.id}`), 404, 'delegation.unknown');
    expect((await site.admin.call<{ items: Delegation[] }>('GET', '/api/delegations?of=all&state=active')).body.items.map((one) => one.id)).toContain(first.id);
    expect((await site.admin.call<Delegation>('DELETE', `/api/delegations/${first.id}`)).body).toMatchObject({
      state: 'revoked',
      endedBy: 'admin@example.com',
    });
    expect(await permissionsOf(borrower.visitor)).not.toContain('run.cancel');
    expect((await borrower.visitor.call('DELETE', `/api/delegations/${(await lend()).body.id}`)).status).toBe(200);
    const third = (await lend()).body.id;
    expect((await lender.visitor.call('DELETE', `/api/delegations/${third}`)).status).toBe(200);
    refused(await lender.visitor.call('DELETE', `/api/delegations/${third}`), 409, 'delegation.over');
    refused(await lender.visitor.call('POST', '/api/delegations', { to: lender.email, reason: 'myself', until: until(1) }), 409, 'delegation.oneself');
    refused(await lender.visitor.call('POST', '/api/delegations', { to: 'nobody@example.com', reason: 'who', until: until(1) }), 404, 'user.unknown');
  });

  it('what is done with lent rights is audited under who did it, with who lent them', async () => {
    const lender = await withRules([{ permissions: ['user.read', 'user.edit', 'flow.read'] }]);
    const borrower = await person('viewer');
    const invite = async (email: string) => {
      const answer = await borrower.visitor.call('POST', '/api/invitations', { email, role: await role([{ permissions: ['flow.read'] }]) });
      const { rows } = await sql<{
        actor: object;
      }>`select body -> 'actor' as actor from audit_entry where action = 'invitation.created' order by id desc limit 1`.execute(site.database.databases.engine);
      return { status: answer.status, actor: rows[0]?.actor };
    };
    expect((await invite('one@example.com')).status).toBe(403);
    await lender.visitor.call('POST', '/api/delegations', { to: borrower.email, reason: 'away', until: until(1) });
    expect(await invite('two@example.com')).toEqual({ status: 201, actor: { kind: 'user', id: borrower.id, label: borrower.email, through: [lender.email] } });
    await site.admin.call('PATCH', `/api/users/${borrower.id}`, { role: 'admin' });
    expect(await invite('three@example.com')).toEqual({ status: 201, actor: { kind: 'user', id: borrower.id, label: borrower.email } });
  });
});

describe('separation of duties', () => {
  const apart = { title: 'Who builds does not release', one: ['flow.edit'], other: ['run.cancel'] };
  const builder = [{ permissions: ['flow.read', 'flow.edit'] }];
  const releaser = [{ permissions: ['flow.read', 'run.cancel'] }];

  it('names those who hold both already, administrators apart, and lets them be', async () => {
    const both = await withRules([...builder, ...releaser]);
    const made = await site.admin.call<{ violations: Violation[] }>('POST', '/api/separations', apart);
    expect(made.status).toBe(201);
    expect(made.body.violations).toContainEqual(
      expect.objectContaining({ user: expect.objectContaining({ email: both.email }), permissions: ['flow.edit', 'run.cancel'], exempt: false }),
    );
    expect(made.body.violations.find(({ user }) => user.email === 'admin@example.com')).toMatchObject({ exempt: true });
    expect((await site.admin.call<Violation[]>('GET', '/api/separations/violations')).body).toEqual(made.body.violations);
    refused(await site.admin.call('POST', '/api/separations', apart), 409, 'separation.exists');
    // What was so before is no reason to refuse something else.
    expect((await site.admin.call('POST', '/api/grants', { user: both.email, role: 'viewer', reason: 'harmless' })).status).toBe(201);
    await site.admin.call('PATCH', `/api/users/${both.id}`, { role: 'viewer' });
  });

  it('holds on every path: role, invitation, grant, planned grant, delegation, and the change of a role', async () => {
    const building = await role(builder);
    const releasing = await role(releaser);
    const bothAtOnce = await role([...builder, ...releaser]);
    const ann = await person(building);
    const bob = await person(releasing);
    const late = await site.admin.call<{ link: string }>('POST', '/api/invitations', { email: 'late@example.com', role: bothAtOnce });
    expect((await site.admin.call('POST', '/api/separations', apart)).status).toBe(201);

    const told = refused(await site.admin.call('POST', '/api/grants', { user: ann.email, role: releasing, reason: 'release' }), 409, 'separation.violated');
    expect(told.detail).toBe(`${ann.email} would hold both flow.edit and run.cancel, which "${apart.title}" keeps apart.`);
    refused(
      await site.admin.call('POST', '/api/grants', { user: ann.email, rules: [{ permissions: ['run.cancel'], where: { flow: ['emir'] } }], reason: 'one' }),
      409,
      'separation.violated',
    );
    refused(await site.admin.call('POST', '/api/grants', { user: ann.email, role: releasing, from: until(9), reason: 'later' }), 409, 'separation.violated');
    refused(await bob.visitor.call('POST', '/api/delegations', { to: ann.email, reason: 'away', until: until(1) }), 409, 'separation.violated');
    refused(await site.admin.call('PATCH', `/api/users/${ann.id}`, { role: bothAtOnce }), 409, 'separation.violated');
    refused(await site.admin.call('POST', '/api/invitations', { email: 'new@example.com', role: bothAtOnce }), 409, 'separation.violated');
    const accept = await site
      .visitor()
      .call('POST', `/api/auth/links/${late.body.link.split('/').at(-1)}`, { email: 'late@example.com', name: 'Late', password });
    refused(accept, 409, 'separation.violated');
    const wider = { title: 'B', description: '', rules: [...builder, ...releaser], masks: [], revision: 1 };
    refused(await site.admin.call('PUT', `/api/roles/${building}`, wider), 409, 'separation.violated');

    // A lender whose role changes brings it upon the borrower.
    const carl = await person('viewer');
    expect((await carl.visitor.call('POST', '/api/delegations', { to: ann.email, reason: 'away', until: until(1) })).status).toBe(201);
    expect(refused(await site.admin.call('PATCH', `/api/users/${carl.id}`, { role: releasing }), 409, 'separation.violated').detail).toContain(ann.email);
    // Nothing of what was refused stayed.
    expect(await permissionsOf(ann.visitor)).not.toContain('run.cancel');
    // The role admin is excepted, or nobody could be made one.
    expect((await site.admin.call('PATCH', `/api/users/${carl.id}`, { role: 'admin' })).status).toBe(409);
    expect((await site.admin.call('PATCH', `/api/users/${ann.id}`, { role: 'admin' })).status).toBe(200);
  });

  it('two halves given at the same instant: one of them is refused', async () => {
    const building = await role(builder);
    const releasing = await role(releaser);
    await site.admin.call('POST', '/api/separations', apart);
    for (let round = 0; round < 5; round++) {
      const eve = await withRules([{ permissions: ['flow.read'] }]);
      const give = (slug: string) => site.admin.call('POST', '/api/grants', { user: eve.email, role: slug, reason: 'race' });
      const answers = await Promise.all([give(building), give(releasing)]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    }
  });
});

describe('why', () => {
  const why = (visitor: Visitor, query: string) => visitor.call<Why>('GET', `/api/access/why?${query}`);

  it('names each source and its verdict, the object, the roles that would allow it and who can give it', async () => {
    const { visitor, email } = await withRules([{ permissions: ['flow.read'] }, { permissions: ['flow.run'], where: { folder: ['finance'] } }]);
    const no = (await why(visitor, 'permission=flow.run&type=flow&object=payroll')).body;
    expect(no).toMatchObject({
      allowed: false,
      object: { title: 'payroll', attributes: { flow: 'payroll', folder: 'people', kind: 'report' } },
      reasons: [{ verdict: 'other objects only' }],
    });
    expect(no.roles.map((one) => one.slug)).toEqual(expect.arrayContaining(['admin', 'developer', 'operator']));
    expect(no.roles.map((one) => one.slug)).not.toContain('viewer');
    expect(no.givers).toContain('Admin');
    expect((await why(visitor, 'permission=flow.run&type=flow&object=emir')).body.allowed).toBe(true);
    expect((await why(visitor, 'permission=user.edit')).body).toMatchObject({ allowed: false, object: null, reasons: [{ verdict: 'silent' }] });
    expect((await why(site.admin, `permission=flow.run&type=flow&object=payroll&user=${email}`)).body).toMatchObject({
      allowed: false,
      user: { email },
      givers: expect.arrayContaining(['admin@example.com']),
    });
  });

  it('of others it tells only who may read roles, and of objects only what may be seen', async () => {
    const { visitor } = await withRules([{ permissions: ['flow.read'], where: { folder: ['finance'] } }]);
    refused(await why(visitor, 'permission=flow.run&user=admin@example.com'), 403, 'permission.missing');
    refused(await why(visitor, 'permission=flow.run&type=flow&object=payroll'), 404, 'flow.unknown');
    refused(await why(visitor, 'permission=flow.run&type=flow&object=nothing'), 404, 'flow.unknown');
    refused(await why(visitor, 'permission=flow.run&type=flow'), 400, 'why.object');
    refused(await why(site.admin, 'permission=user.edit&type=flow&object=emir'), 400, 'why.permission');
    refused(await why(site.admin, 'permission=flow.run&user=nobody@example.com'), 404, 'user.unknown');
  });

  it('says what else stands in the way', async () => {
    const { visitor, email, id } = await person('operator');
    await sql`update identity.membership set suspended_at = now() where user_id = ${id}`.execute(site.database.databases.engine);
    expect((await why(site.admin, `permission=flow.run&user=${email}`)).body).toMatchObject({ allowed: false, note: expect.stringContaining('Suspended') });
    expect((await visitor.call('GET', '/api/auth/me')).status).toBe(401);
  });
});

describe('the change log', () => {
  it('takes back a changed, a deleted and a made role, and a grant', async () => {
    const { engine } = site.database.databases;
    const { reverts } = accessChanges(engine);
    const actor = systemActor(site.database.workspaceId);
    const revertNewest = async (action: 'role.updated' | 'role.deleted' | 'role.created' | 'grant.created' | 'separation.removed') => {
      const { rows } = await sql<LoggedChange>`select id, action, body -> 'object' as object, body -> 'before' as before, body -> 'after' as after
        from audit_entry where action = ${action} order by id desc limit 1`.execute(engine);
      await reverts[action]?.(actor, rows[0] as LoggedChange);
    };
    const slug = await role([{ permissions: ['flow.read'] }]);
    await site.admin.call('PUT', `/api/roles/${slug}`, { title: 'Other', description: '', rules: [{ permissions: ['run.read'] }], masks: [], revision: 1 });
    await revertNewest('role.updated');
    expect((await site.admin.call<RoleInfo>('GET', `/api/roles/${slug}`)).body).toMatchObject({ revision: 3, rules: [{ permissions: ['flow.read'] }] });
    await site.admin.call('DELETE', `/api/roles/${slug}`);
    await revertNewest('role.deleted');
    expect((await site.admin.call<RoleInfo>('GET', `/api/roles/${slug}`)).body).toMatchObject({ rules: [{ permissions: ['flow.read'] }] });
    await revertNewest('role.created');
    refused(await site.admin.call('GET', `/api/roles/${slug}`), 404, 'role.unknown');
    const { visitor, email } = await person('executive');
    await site.admin.call('POST', '/api/grants', { user: email, role: 'operator', reason: 'on call' });
    await revertNewest('grant.created');
    expect(await permissionsOf(visitor)).not.toContain('run.cancel');
    const made = await site.admin.call<{ id: string }>('POST', '/api/separations', { title: 'Back again', one: ['sso.edit'], other: ['mail.edit'] });
    await site.admin.call('DELETE', `/api/separations/${made.body.id}`);
    await revertNewest('separation.removed');
    expect((await site.admin.call<{ title: string }[]>('GET', '/api/separations')).body.map((one) => one.title)).toEqual(['Back again']);
  });
});
