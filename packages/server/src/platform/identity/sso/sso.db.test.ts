// Signing in through a real provider: accounts, roles, sessions, and what an administrator sees before.
import type { DryRunPerson, SsoMapping, SsoProvider } from '@tidewheel/contract/routes/sso';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OidcHost, oidcClient, startOidc } from '../testing/oidc-host.ts';
import { openSite, password, type Site } from '../testing/site.ts';
import { codeOf } from '../testing/totp-code.ts';
import { Wanderer } from '../testing/wanderer.ts';

let site: Site;
let host: OidcHost;
beforeAll(async () => {
  site = await openSite();
  host = await startOidc({ redirectUris: [`${site.server.origin}/api/auth/sso/acme/callback`], returnTo: [`${site.server.origin}/sign-in`] });
  const made = await site.admin.call<SsoProvider>('POST', '/api/sso/providers', {
    slug: 'acme',
    title: 'Acme',
    issuer: host.issuer,
    ...oidcClient,
    scopes: ['openid', 'email', 'profile', 'groups'],
    emailDomains: ['acme.example'],
    provision: true,
    linkByEmail: true,
  });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await host?.stop();
  await site?.close();
});
beforeEach(async () => {
  await site.forgiveAll();
  host.isDown = false;
  await change({
    enabled: true,
    provision: true,
    linkByEmail: true,
    emailTrust: 'claim',
    secondFactor: 'ours',
    endSession: false,
    emailDomains: ['acme.example'],
  });
  await map({ rules: [rule('operators', 'operator'), rule('viewers', 'viewer')], otherwise: null });
});

const rule = (value: string, role: string) => ({ operator: 'contains' as const, value, workspace: 'main', role });
const change = (fields: Record<string, unknown>) => site.admin.call('PATCH', '/api/sso/providers/acme', fields);
const map = (mapping: SsoMapping) => site.admin.call('PUT', '/api/sso/providers/acme/mapping', mapping);
const browser = () => new Wanderer(site.server.origin);
const db = () => site.database.databases.engine;

function meet(subject: string, groups: string[], more: Record<string, unknown> = {}): string {
  const email = `${subject}@acme.example`;
  host.people.set(subject, { email, email_verified: true, name: `Name of ${subject}`, groups, ...more });
  host.visitor = subject;
  return email;
}
const roleOf = async (visitor: Wanderer) => (await visitor.call<{ role: string }>('GET', '/api/auth/me')).body.role;
const entries = async (action: string, of: string) =>
  (
    await sql<{
      body: { after: unknown; before: unknown; actor: { label: string } };
    }>`select body from audit_entry where action = ${action} and body::text like ${`%${of}%`} order by id`.execute(db())
  ).rows.map(({ body }) => body);

describe('the way in', () => {
  it('makes an account inside the domain, with the role of the group, and a session like any other', async () => {
    const email = meet('ada', ['operators', 'viewers']);
    const visitor = browser();
    expect((await visitor.signIn('acme', '/flows?kind=job#here')).href).toBe(`${site.server.origin}/flows?kind=job#here`);
    const me = await visitor.call('GET', '/api/auth/me');
    expect(me.body).toMatchObject({ email, name: 'Name of ada', role: 'operator', emailVerified: true });
    expect((await visitor.call<unknown[]>('GET', '/api/auth/sessions')).body).toHaveLength(1);
    expect(await entries('user.provisioned', email)).toMatchObject([{ actor: { label: 'provider acme' }, after: { subject: 'ada' } }]);
    expect(await entries('user.role_mapped', email)).toMatchObject([{ before: { role: null }, after: { role: 'operator', rule: 1, provider: 'acme' } }]);
    expect(await entries('session.signed_in', email)).toMatchObject([{ actor: { label: email }, after: { provider: 'acme' } }]);
    expect(visitor.cookie('tidewheel-sso')).toBeUndefined();
  });

  it('knows a person by the subject: another address there is the same account here', async () => {
    const email = meet('grace', ['viewers']);
    await browser().signIn('acme');
    meet('grace', ['viewers'], { email: 'grace.hopper@elsewhere.example', email_verified: false });
    const again = browser();
    expect((await again.signIn('acme')).pathname).toBe('/');
    expect((await again.call('GET', '/api/auth/me')).body).toMatchObject({ email });
  });

  it('follows the groups at each sign-in, and shuts out who lost all', async () => {
    const email = meet('lin', ['viewers']);
    const first = browser();
    await first.signIn('acme');
    expect(await roleOf(first)).toBe('viewer');
    meet('lin', ['operators']);
    await browser().signIn('acme');
    expect(await roleOf(first)).toBe('operator');
    meet('lin', []);
    expect((await browser().signIn('acme')).href).toContain('/sign-in/failed?reason=sso.no_role');
    expect((await first.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await entries('user.role_mapped', email)).map(({ after }) => (after as { change: string }).change)).toEqual(['added', 'changed', 'removed']);
    expect(await entries('session.sign_in_failed', 'lin@acme')).toMatchObject([{ after: { code: 'sso.no_role', provider: 'acme' } }]);
  });

  it('leaves alone what an administrator set by hand, from that moment on', async () => {
    const email = meet('mary', ['viewers']);
    const visitor = browser();
    await visitor.signIn('acme');
    const { body } = await site.admin.call<{ id: string; email: string }[]>('GET', '/api/users');
    const id = body.find((user) => user.email === email)?.id;
    await site.admin.call('PATCH', `/api/users/${id}`, { role: 'developer' });
    meet('mary', ['operators']);
    await browser().signIn('acme');
    expect(await roleOf(visitor)).toBe('developer');
    meet('mary', []);
    expect((await browser().signIn('acme')).pathname).toBe('/');
  });

  it('gives what holds otherwise when no rule fits', async () => {
    await map({ rules: [rule('operators', 'operator')], otherwise: { workspace: 'main', role: 'executive' } });
    meet('otto', ['something']);
    const visitor = browser();
    await visitor.signIn('acme');
    expect(await roleOf(visitor)).toBe('executive');
  });

  it('never takes the role of the last administrator away', async () => {
    await map({ rules: [rule('admins', 'admin')], otherwise: null });
    const email = meet('root', ['admins']);
    const visitor = browser();
    await visitor.signIn('acme');
    await sql`update identity.membership set suspended_at = now() where user_id = (select id from identity."user" where email = 'admin@example.com')`.execute(
      db(),
    );
    try {
      meet('root', []);
      expect((await visitor.signIn('acme')).pathname).toBe('/');
      expect(await roleOf(visitor)).toBe('admin');
      expect((await entries('user.role_mapped', email)).at(-1)).toMatchObject({ after: { change: 'last_administrator', role: 'admin' } });
    } finally {
      await sql`update identity.membership set suspended_at = null`.execute(db());
    }
    expect((await browser().signIn('acme')).search).toContain('sso.no_role');
  });

  it('gives no role that brings together what is kept apart', async () => {
    const apart = await site.admin.call<{ id: string }>('POST', '/api/separations', { title: 'Look and run', one: ['user.read'], other: ['flow.run'] });
    expect(apart.status).toBe(201);
    meet('sep', ['operators']);
    expect((await browser().signIn('acme')).search).toContain('sso.separation');
    expect((await sql`select 1 from identity."user" where email = 'sep@acme.example'`.execute(db())).rows).toEqual([]);
    await site.admin.call('DELETE', `/api/separations/${apart.body.id}`);
    expect((await browser().signIn('acme')).pathname).toBe('/');
  });

  it('asks our second factor where there is one, unless the provider stands for it', async () => {
    meet('tess', ['viewers']);
    const visitor = browser();
    await visitor.signIn('acme');
    const { body } = await visitor.call<{ secret: string }>('POST', '/api/auth/second-factor', {});
    const code = (steps: number) => codeOf(body.secret, steps);
    expect((await visitor.call('POST', '/api/auth/second-factor/confirm', { code: code(0) })).status).toBe(200);
    const again = browser();
    const page = await again.signIn('acme', '/runs');
    expect([page.pathname, page.searchParams.get('next'), page.searchParams.get('methods')]).toEqual(['/sign-in/second-step', '/runs', 'app recovery']);
    expect((await again.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await again.call('POST', '/api/auth/sso/second-factor', { code: '000000' })).body).toMatchObject({ code: 'auth.wrong_code' });
    expect((await browser().call('POST', '/api/auth/sso/second-factor', { code: code(1) })).status).toBe(401);
    expect((await again.call('POST', '/api/auth/sso/second-factor', { code: code(1) })).body).toMatchObject({ role: 'viewer', secondFactor: 'on' });
    await change({ secondFactor: 'always' });
    expect((await browser().signIn('acme', '/runs')).pathname).toBe('/runs');
  });

  it('does not hold back a role that requires a second factor when the provider proved one', async () => {
    meet('hedy', ['operators']);
    await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: ['operator'] });
    try {
      const held = browser();
      await held.signIn('acme');
      expect((await held.call('GET', '/api/auth/me')).body).toMatchObject({ secondFactor: 'required', permissions: [] });
      await change({ secondFactor: 'always' });
      const free = browser();
      await free.signIn('acme');
      expect((await free.call('GET', '/api/auth/me')).body).toMatchObject({ secondFactor: 'on' });
      expect((await free.call('GET', '/api/users')).status).toBe(200);
      expect((await held.call('GET', '/api/users')).status).toBe(403);
    } finally {
      await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: [] });
    }
  });

  it('signs out at the provider too where it is switched on', async () => {
    await change({ endSession: true });
    meet('bye', ['viewers']);
    const visitor = browser();
    await visitor.signIn('acme');
    const { body } = await visitor.call<{ ended: boolean; continueAt: string }>('POST', '/api/auth/sign-out');
    const url = new URL(body.continueAt);
    expect([body.ended, url.origin, url.searchParams.get('post_logout_redirect_uri')]).toEqual([true, host.issuer, `${site.server.origin}/sign-in`]);
    expect(url.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(200);
  });

  it('says clearly that a provider is down, and passwords go on', async () => {
    await site.admin.call('POST', '/api/sso/providers', { slug: 'dead', title: 'Dead', issuer: 'http://127.0.0.1:9', clientId: 'x' });
    try {
      const answer = await browser().call('POST', '/api/auth/sso/dead/begin', {});
      expect(answer).toMatchObject({ status: 502, body: { code: 'sso.unreachable' } });
      expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
    } finally {
      await site.admin.call('DELETE', '/api/sso/providers/dead');
    }
    meet('late', ['viewers']);
    const visitor = browser();
    const back = await visitor.walk(await visitor.begin('acme'), (url) => url.pathname.endsWith('/callback'));
    host.isDown = true;
    expect((await visitor.walk(back.url)).url.search).toContain('sso.unreachable');
    expect((await site.visitor().call('POST', '/api/auth/sign-in', { email: 'admin@example.com', password })).status).toBe(200);
  });

  it('ends the sessions of a provider that is switched off, and its button goes', async () => {
    meet('off', ['viewers']);
    const visitor = browser();
    await visitor.signIn('acme');
    expect((await browser().call('GET', '/api/auth/sso')).body).toEqual([{ slug: 'acme', title: 'Acme' }]);
    await change({ enabled: false });
    expect((await visitor.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await browser().call('GET', '/api/auth/sso')).body).toEqual([]);
    expect((await browser().call('POST', '/api/auth/sso/acme/begin', {})).status).toBe(404);
  });
});

describe('accounts that are here already', () => {
  async function local(name: string, options?: { unverified?: true }) {
    const { email, id } = await site.person('viewer', options);
    await sql`update identity."user" set email = ${`${name}@acme.example`} where email = ${email}`.execute(db());
    meet(name, ['operators']);
    return { id, email: `${name}@acme.example` };
  }

  it('are taken over by a confirmed address, where that is switched on', async () => {
    const { email } = await local('link1');
    await change({ linkByEmail: false });
    expect((await browser().signIn('acme')).search).toContain('sso.link_refused');
    await change({ linkByEmail: true });
    const visitor = browser();
    await visitor.signIn('acme');
    expect((await visitor.call('GET', '/api/auth/me')).body).toMatchObject({ email, role: 'viewer' });
    expect(await entries('user.linked', email)).toHaveLength(1);
  });

  it('are not taken over by an address that the provider does not vouch for, nor one that was never confirmed here', async () => {
    await local('link2');
    meet('link2', ['operators'], { email_verified: false });
    expect((await browser().signIn('acme')).search).toContain('sso.email_unverified');
    await local('link3', { unverified: true });
    expect((await browser().signIn('acme')).search).toContain('sso.link_unconfirmed');
  });

  it('stay with the first subject when their address is given to somebody new', async () => {
    await local('link4');
    await browser().signIn('acme');
    host.people.set('usurper', { email: 'link4@acme.example', email_verified: true, name: 'Usurper', groups: ['operators'] });
    host.visitor = 'usurper';
    expect((await browser().signIn('acme')).search).toContain('sso.other_subject');
  });

  it('are linked by their owner, signed in, whatever the address; by nobody else', async () => {
    const owner = browser();
    await owner.call('POST', '/api/auth/sign-in', { email: 'admin@example.com', password });
    meet('admin-there', [], { email: 'x@elsewhere.example', email_verified: false });
    const { body } = await owner.call<{ location: string }>('POST', '/api/auth/sso/acme/link');
    expect((await owner.walk(new URL(body.location))).url.pathname).toBe('/profile');
    expect((await owner.call('GET', '/api/auth/sso/links')).body).toMatchObject([{ slug: 'acme', email: 'x@elsewhere.example' }]);
    const visitor = browser();
    expect((await visitor.signIn('acme')).pathname).toBe('/');
    expect((await visitor.call('GET', '/api/auth/me')).body).toMatchObject({ email: 'admin@example.com', role: 'admin' });
    // Somebody who signed out meanwhile, or another person, does not get the link.
    meet('admin-there-2', []);
    const begun = await owner.call<{ location: string }>('POST', '/api/auth/sso/acme/link');
    await owner.call('POST', '/api/auth/sign-out');
    expect((await owner.walk(new URL(begun.body.location))).url.search).toContain('sso.link_session');
    await sql`update identity.session set created_at = now() - interval '11 minutes'`.execute(db());
    expect((await visitor.call('POST', '/api/auth/sso/acme/link')).body).toMatchObject({ code: 'auth.proof_needed' });
    const linked = await site.admin.call<{ items: { user: { id: string; email: string } }[] }>('GET', '/api/sso/providers/acme/links?limit=200');
    const id = linked.body.items.find(({ user }) => user.email === 'admin@example.com')?.user.id;
    expect((await site.admin.call('DELETE', `/api/sso/providers/acme/links/${id}`)).body).toEqual({ removed: true });
    expect((await visitor.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it('have no password when a provider made them, and no forgotten one leads past the provider', async () => {
    const email = meet('nopass', ['viewers']);
    await browser().signIn('acme');
    await site.visitor().call('POST', '/api/auth/forgotten-password', { email });
    const { body } = await site.admin.call<{ id: string; email: string }[]>('GET', '/api/users');
    const id = body.find((user) => user.email === email)?.id;
    expect((await site.admin.call('POST', `/api/users/${id}/password-reset`)).body).toMatchObject({ status: 409, code: 'password.none' });
    expect((await browser().call('POST', '/api/auth/sign-in', { email, password })).status).toBe(401);
    expect(site.mailsTo(email)).toEqual([]);
  });

  it('are made inside the domains alone, and where that is switched on', async () => {
    meet('far', ['operators'], { email: 'far@evil-acme.example' });
    expect((await browser().signIn('acme')).search).toContain('sso.domain');
    meet('sub', ['operators'], { email: 'sub@mail.acme.example' });
    expect((await browser().signIn('acme')).search).toContain('sso.domain');
    meet('trick', ['operators'], { email: 'trick@evil.example@acme.example' });
    expect((await browser().signIn('acme')).search).toContain('sso.no_email');
    await change({ provision: false });
    meet('new', ['operators']);
    expect((await browser().signIn('acme')).search).toContain('sso.not_provisioned');
    expect((await sql`select 1 from identity."user" where email like '%@acme.example' and name like '%Name of new'`.execute(db())).rows).toEqual([]);
  });
});

describe('the dry run', () => {
  const dryRun = async (body: Record<string, unknown>) =>
    (await site.admin.call<{ items: DryRunPerson[] }>('POST', '/api/sso/providers/acme/dry-run', body)).body.items;

  it('shows what unsaved rules would do to everybody, and it is what happens then', async () => {
    const email = meet('dry', ['operators', 'auditors']);
    const visitor = browser();
    await visitor.signIn('acme');
    const rules = { rules: [rule('auditors', 'viewer'), rule('operators', 'operator')], otherwise: null };
    const all = await dryRun({ mapping: rules, source: { kind: 'all', limit: 200 } });
    const mine = all.find((one) => one.email === email);
    expect(mine).toMatchObject({
      account: 'linked',
      refusal: null,
      memberships: [{ workspace: 'main', before: 'operator', after: 'viewer', change: 'changed', rule: 1 }],
    });
    const none = await dryRun({ mapping: { rules: [], otherwise: null }, source: { kind: 'user', email } });
    expect(none).toMatchObject([{ losesAccess: true, refusal: { code: 'sso.no_role' }, memberships: [{ after: null, change: 'removed' }] }]);
    expect(await roleOf(visitor)).toBe('operator');
    await map(rules);
    await browser().signIn('acme');
    expect(await roleOf(visitor)).toBe('viewer');
  });

  it('takes claims as they are pasted, of people who were never here', async () => {
    const given = (claims: Record<string, unknown>[]) => dryRun({ source: { kind: 'claims', claims } });
    const before = (await sql<{ n: number }>`select count(*)::int as n from identity."user"`.execute(db())).rows;
    expect(await given([{ sub: 'q', email: 'Q@Acme.Example', email_verified: true, groups: ['operators'] }])).toMatchObject([
      {
        account: 'would_be_made',
        email: 'q@acme.example',
        user: null,
        refusal: null,
        memberships: [{ before: null, after: 'operator', change: 'added', rule: 1 }],
      },
    ]);
    expect(await given([{ email: 'q@other.example', email_verified: true }, {}])).toMatchObject([
      { refusal: { code: 'sso.domain' } },
      { refusal: { code: 'sso.no_email' } },
    ]);
    expect((await sql<{ n: number }>`select count(*)::int as n from identity."user"`.execute(db())).rows).toEqual(before);
  });

  it('refuses rules that name what is not there, each by its place', async () => {
    const mapping = { rules: [rule('a', 'no-such-role'), { ...rule('a', 'viewer'), workspace: 'nowhere' }], otherwise: null };
    const answer = await site.admin.call<{ faults: { path: string }[] }>('PUT', '/api/sso/providers/acme/mapping', mapping);
    expect([answer.status, answer.body.faults.map(({ path }) => path)]).toEqual([400, ['rules.0.role', 'rules.1.workspace']]);
  });
});
