// A terminal that a browser lets in: once, soon, for who asked, never for longer or with more than the browser has.
import { createHash } from 'node:crypto';
import type { Session } from '@tidewheel/contract/routes/identity';
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newToken } from '../../base/ids.ts';
import { oidcClient, startOidc } from './testing/oidc-host.ts';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';
import { Wanderer } from './testing/wanderer.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const db = () => site.database.databases.engine;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
const isIn = async (token: string) => (await site.visitor().call('GET', '/api/auth/me', undefined, bearer(token))).status === 200;

async function allow(visitor: Pick<Visitor, 'call'>, verifier: string): Promise<string> {
  const { status, body } = await visitor.call<{ code: string }>('POST', '/api/auth/terminal', { challenge: challengeOf(verifier), title: 'web01' });
  expect(status).toBe(200);
  return body.code;
}
const enter = (code: string, verifier: string, headers: Record<string, string> = {}) =>
  site.visitor().call<TokenPair & { code: string }>('POST', '/api/auth/terminal/enter', { code, verifier }, headers);

it('lets a terminal in once, with a session that is as old as the browser and ends with it', async () => {
  const { visitor, email, id } = await site.person('operator');
  await sql`update identity.session set created_at = now() - interval '1 day', expires_at = now() + interval '3 days', last_seen_at = now() where user_id = ${id}`.execute(
    db(),
  );
  const verifier = newToken();
  const code = await allow(visitor, verifier);
  const { status, body } = await enter(code, verifier);
  expect(status).toBe(200);
  expect(Date.parse(body.refreshExpiresAt) - Date.now()).toBeLessThan(3 * 86_400_000 + 5_000);
  const me = await site.visitor().call<Session[]>('GET', '/api/auth/sessions', undefined, bearer(body.accessToken));
  expect(me.body.filter(({ kind }) => kind === 'api')).toMatchObject([{ current: true }]);
  // As old as the browser's: it proves nothing about a moment ago.
  const proof = await site.visitor().call('POST', '/api/auth/second-factor', {}, bearer(body.accessToken));
  expect([proof.status, proof.body['code']]).toEqual([403, 'auth.proof_needed']);
  expect((await enter(code, verifier)).body.code).toBe('terminal.refused');
  const { rows } = await sql<{ action: string; body: { after: object; actor: { label: string } } }>`
    select action, body from audit_entry where action in ('session.terminal_allowed', 'session.signed_in') and body::text like '%web01%' order by id`.execute(
    db(),
  );
  expect(rows).toMatchObject([
    { action: 'session.terminal_allowed', body: { after: { terminal: 'web01' }, actor: { label: email } } },
    { action: 'session.signed_in', body: { after: { terminal: 'web01' }, actor: { label: email } } },
  ]);
});

it('a wrong verifier spends the code; of two at once one gets in; an old code and one of a session that ended are worth nothing', async () => {
  const { visitor, id } = await site.person('viewer');
  const verifier = newToken();
  const stolen = await allow(visitor, verifier);
  expect((await enter(stolen, newToken())).status).toBe(401);
  expect((await enter(stolen, verifier)).status).toBe(401);
  const twice = await allow(visitor, verifier);
  const both = await Promise.all([enter(twice, verifier), enter(twice, verifier)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const old = await allow(visitor, verifier);
  await sql`update identity.terminal_sign_in set expires_at = now() - interval '1 second'`.execute(db());
  expect((await enter(old, verifier)).status).toBe(401);
  const last = await allow(visitor, verifier);
  await sql`delete from identity.session where user_id = ${id}`.execute(db());
  expect((await enter(last, verifier)).status).toBe(401);
});

it('only a browser lets in: neither a program nor a token, which would live on through others', async () => {
  const { visitor, email } = await site.person('viewer');
  const verifier = newToken();
  const body = { challenge: challengeOf(verifier), title: 'web01' };
  const pair = (await enter(await allow(visitor, verifier), verifier)).body;
  const byProgram = await site.visitor().call('POST', '/api/auth/terminal', body, bearer(pair.accessToken));
  expect([byProgram.status, byProgram.body['code']]).toEqual([403, 'terminal.browser_only']);
  const { token } = (await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'mine', days: 1 })).body;
  expect((await site.visitor().call('POST', '/api/auth/terminal', body, bearer(token))).status).toBe(403);
  expect((await site.visitor().call('POST', '/api/auth/terminal', body)).status).toBe(401);
  expect((await site.visitor().call('POST', '/api/auth/login', { email, password })).status).toBe(200);
});

it('a workspace that is not his is refused and leaves no session', async () => {
  const { visitor, id } = await site.person('viewer');
  const verifier = newToken();
  const { status, body } = await enter(await allow(visitor, verifier), verifier, { 'tidewheel-workspace': 'nowhere' });
  expect([status, body.code]).toEqual([403, 'workspace.not_member']);
  const { rows } = await sql`select 1 from identity.session where user_id = ${id} and kind = 'api'`.execute(db());
  expect(rows).toEqual([]);
});

it('through a provider: nobody without it has a password to type, and switching it off ends the terminal too', async () => {
  const host = await startOidc({ redirectUris: [`${site.server.origin}/api/auth/sso/acme/callback`] });
  try {
    const provider = { slug: 'acme', title: 'Acme', issuer: host.issuer, ...oidcClient, emailDomains: ['acme.example'], provision: true };
    expect((await site.admin.call<SsoProvider>('POST', '/api/sso/providers', provider)).status).toBe(201);
    await site.admin.call('PUT', '/api/sso/providers/acme/mapping', { rules: [], otherwise: { workspace: 'main', role: 'viewer' } });
    host.people.set('ada', { email: 'ada@acme.example', email_verified: true, name: 'Ada', groups: [] });
    host.visitor = 'ada';
    const browser = new Wanderer(site.server.origin);
    await browser.signIn('acme');
    const verifier = newToken();
    const challenge = challengeOf(verifier);
    const { code } = (await browser.call<{ code: string }>('POST', '/api/auth/terminal', { challenge, title: 'web01' })).body;
    const pair = (await enter(code, verifier)).body;
    expect(await isIn(pair.accessToken)).toBe(true);
    await site.admin.call('PATCH', '/api/sso/providers/acme', { enabled: false });
    expect(await isIn(pair.accessToken)).toBe(false);
  } finally {
    await host.stop();
  }
});
