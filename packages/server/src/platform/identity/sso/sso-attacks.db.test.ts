// What attackers try on the way through a provider, and what comes of it.
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Forger, startForger } from '../testing/oidc-forger.ts';
import { type OidcHost, oidcClient, startOidc } from '../testing/oidc-host.ts';
import { openSite, type Site } from '../testing/site.ts';
import { Wanderer } from '../testing/wanderer.ts';

let site: Site;
let host: OidcHost;
let forger: Forger;
const rules = { emailDomains: ['acme.example'], provision: true, linkByEmail: true };
beforeAll(async () => {
  site = await openSite();
  host = await startOidc({ redirectUris: [`${site.server.origin}/api/auth/sso/acme/callback`] });
  forger = await startForger({ secret: oidcClient.clientSecret });
  for (const [slug, issuer] of [
    ['acme', host.issuer],
    ['forged', forger.issuer],
  ]) {
    const body = { slug, title: slug, issuer, ...oidcClient, ...rules };
    expect((await site.admin.call('POST', '/api/sso/providers', body)).status).toBe(201);
    await site.admin.call('PUT', `/api/sso/providers/${slug}/mapping`, { rules: [], otherwise: { workspace: 'main', role: 'viewer' } });
  }
});
afterAll(async () => {
  await forger?.stop();
  await host?.stop();
  await site?.close();
});
beforeEach(() => {
  Object.assign(forger, { claims: {}, userInfo: null, algorithm: 'RS256', signsWithStranger: false });
});

const browser = () => new Wanderer(site.server.origin);
const reasonOf = (url: URL) => (url.pathname === '/sign-in/failed' ? url.searchParams.get('reason') : url.pathname);
const callbackOf = (slug: string, answer: Record<string, string>) =>
  new URL(`/api/auth/sso/${slug}/callback?${new URLSearchParams(answer)}`, site.server.origin);

function meet(subject: string): void {
  host.people.set(subject, { email: `${subject}@acme.example`, email_verified: true, name: subject, groups: [] });
  host.visitor = subject;
}
/** To where the honest provider sends the browser back, without going there. */
async function answered(visitor: Wanderer): Promise<URL> {
  return (await visitor.walk(await visitor.begin('acme'), (url) => url.pathname.endsWith('/callback'))).url;
}

/** A sign-in at the forger, whose answer carries these claims. */
async function forged(claims: Record<string, unknown>, answer: Record<string, string> = {}): Promise<string | null> {
  const visitor = browser();
  const asked = await visitor.begin('forged');
  const { state = '', nonce = '' } = Object.fromEntries(asked.searchParams);
  forger.claims = { sub: 'mallory', email: 'mallory@acme.example', email_verified: true, nonce, ...claims };
  const { url } = await visitor.walk(callbackOf('forged', { state, code: 'a-code', iss: forger.issuer, ...answer }));
  const isIn = (await visitor.call('GET', '/api/auth/me')).status === 200;
  expect(isIn).toBe(url.pathname === '/');
  return reasonOf(url);
}

describe('the transaction', () => {
  it('asks with PKCE, state, nonce and the exact redirect URI, each time new', async () => {
    const visitor = browser();
    const [one, other] = [(await visitor.begin('acme')).searchParams, (await visitor.begin('acme')).searchParams];
    expect(one.get('code_challenge_method')).toBe('S256');
    expect(one.get('redirect_uri')).toBe(`${site.server.origin}/api/auth/sso/acme/callback`);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.get(name)).toMatch(/^[\w-]{43}$/);
      expect(one.get(name)).not.toBe(other.get(name));
    }
  });

  it('belongs to the browser that began it: a planted answer signs nobody in', async () => {
    meet('attacker');
    const planted = await answered(browser());
    const victim = browser();
    expect(reasonOf((await victim.walk(planted)).url)).toBe('sso.not_started');
    await victim.begin('acme');
    expect(reasonOf((await victim.walk(planted)).url)).toBe('sso.not_started');
    expect((await victim.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it('works once, also when its answer comes twice at the same instant', async () => {
    meet('once');
    const visitor = browser();
    const back = await answered(visitor);
    const twice = await Promise.all([visitor.walk(back), visitor.walk(back)]);
    expect(twice.map(({ url }) => reasonOf(url)).sort()).toEqual(['/', 'sso.not_started']);
    expect(reasonOf((await visitor.walk(back)).url)).toBe('sso.not_started');
  });

  it('needs its state, unchanged', async () => {
    meet('state');
    for (const change of [(url: URL) => url.searchParams.delete('state'), (url: URL) => url.searchParams.set('state', 'x'.repeat(43))]) {
      const visitor = browser();
      const back = await answered(visitor);
      change(back);
      expect(reasonOf((await visitor.walk(back)).url)).toBe('sso.not_started');
    }
  });

  it('ends after ten minutes', async () => {
    meet('late');
    const visitor = browser();
    const back = await answered(visitor);
    await sql`update identity.sso_transaction set expires_at = expires_at - interval '10 minutes 1 second'`.execute(site.database.databases.engine);
    expect(reasonOf((await visitor.walk(back)).url)).toBe('sso.not_started');
  });

  it('takes no code of another transaction: PKCE binds it', async () => {
    meet('victim');
    const stolen = (await answered(browser())).searchParams.get('code') ?? '';
    meet('attacker');
    const attacker = browser();
    const back = await answered(attacker);
    back.searchParams.set('code', stolen);
    expect(reasonOf((await attacker.walk(back)).url)).toBe('sso.provider_refused');
  });

  it('is of one provider: the answer of another is refused by address and by issuer', async () => {
    meet('mix');
    const visitor = browser();
    const back = await answered(visitor);
    const elsewhere = new URL(back.href.replace('/sso/acme/', '/sso/forged/'));
    expect(reasonOf((await visitor.walk(elsewhere)).url)).toBe('sso.not_started');
    const requests = forger.tokenRequests.length;
    back.searchParams.set('iss', forger.issuer);
    expect(reasonOf((await visitor.walk(back)).url)).toBe('sso.untrusted_answer');
    expect(forger.tokenRequests).toHaveLength(requests);
    expect(await forged({}, { iss: host.issuer })).toBe('sso.untrusted_answer');
  });

  it('leads back into this site alone', async () => {
    meet('redirect');
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', ''])
      expect((await browser().call('POST', '/api/auth/sso/acme/begin', { next })).status, next).toBe(400);
    expect((await browser().signIn('acme', '/.//evil.example')).origin).toBe(site.server.origin);
    expect((await browser().signIn('acme', '/%2f/evil.example')).origin).toBe(site.server.origin);
  });

  it('that a person broke off says so', async () => {
    host.visitor = 'nobody';
    expect(reasonOf(await browser().signIn('acme'))).toBe('sso.cancelled');
  });

  it('leaves no session of before in the browser, and never takes one over', async () => {
    meet('fixed');
    const visitor = browser();
    await visitor.signIn('acme');
    const before = visitor.cookie('tidewheel');
    await visitor.signIn('acme');
    expect(visitor.cookie('tidewheel')).not.toBe(before);
    expect((await visitor.call<unknown[]>('GET', '/api/auth/sessions')).body).toHaveLength(1);
  });
});

describe('the ID token', () => {
  it('is taken when it is sound', async () => {
    expect(await forged({})).toBe('/');
  });

  it.each([
    ['no nonce', { nonce: undefined }],
    ['the nonce of another sign-in', { nonce: 'x'.repeat(43) }],
    ['another audience', { aud: 'another-client' }],
    ['several audiences without azp', { aud: ['tidewheel', 'another-client'] }],
    ['several audiences and a foreign azp', { aud: ['tidewheel', 'another-client'], azp: 'another-client' }],
    ['another issuer', { iss: 'https://accounts.example' }],
    ['an end that is past', { exp: Math.floor(Date.now() / 1_000) - 120 }],
    ['no subject', { sub: undefined }],
  ])('is refused with %s', async (_name, claims) => {
    expect(await forged(claims)).toBe('sso.untrusted_answer');
  });

  it.each(['none', 'HS256'] as const)('is refused when it is signed with %s, though the metadata offers that', async (algorithm) => {
    forger.algorithm = algorithm;
    expect(await forged({})).toBe('sso.untrusted_answer');
  });

  it('is refused when the key is not the one that is published', async () => {
    forger.signsWithStranger = true;
    expect(await forged({})).toBe('sso.untrusted_answer');
  });

  it('is checked with the keys of now: new ones count at once, withdrawn ones no more', async () => {
    expect(await forged({})).toBe('/');
    forger.rotate();
    expect(await forged({})).toBe('/');
  });

  it('and the user info are about one subject, and an address is vouched for where it stands', async () => {
    const base = { sub: 'carol', email: undefined, email_verified: undefined };
    forger.userInfo = { sub: 'somebody-else', email: 'carol@acme.example', email_verified: true };
    forger.metadata = { userinfo_endpoint: `${forger.issuer}/userinfo` };
    await site.admin.call('POST', '/api/sso/discover', { issuer: forger.issuer });
    expect(await forged(base)).toBe('sso.untrusted_answer');
    forger.userInfo = { sub: 'carol', email: 'own@acme.example', email_verified: true };
    expect(await forged({ ...base, email: 'admin@acme.example' })).toBe('sso.email_unverified');
    expect(await forged(base)).toBe('/');
    forger.metadata = {};
    forger.userInfo = null;
    await site.admin.call('POST', '/api/sso/discover', { issuer: forger.issuer });
  });

  it('of a person with too much to say is refused', async () => {
    expect(await forged({ groups: Array.from({ length: 9_000 }, (_, index) => `group-number-${index}`) })).toBe('sso.too_large');
  });

  it('cannot poison objects or reach into them by a claim path', async () => {
    const mapping = { rules: [{ claim: 'constructor.name', operator: 'equals', value: 'Object', workspace: 'main', role: 'admin' }], otherwise: null };
    const claims = [{ sub: 'z', email: 'z@acme.example', email_verified: true }];
    const { body } = await site.admin.call<{ items: unknown[] }>('POST', '/api/sso/providers/acme/dry-run', { mapping, source: { kind: 'claims', claims } });
    expect(body.items).toMatchObject([{ refusal: { code: 'sso.no_role' } }]);
  });
});

describe('providers', () => {
  const input = { slug: 'mine', title: 'Mine', issuer: 'https://idp.example', clientId: 'x' };

  it('are registered, seen and changed by administrators of the installation alone', async () => {
    const { visitor: developer } = await site.person('developer');
    const tries: [string, string, unknown][] = [
      ['POST', '/api/sso/providers', input],
      ['GET', '/api/sso/providers', undefined],
      ['GET', '/api/sso/providers/acme', undefined],
      ['PATCH', '/api/sso/providers/acme', { issuer: 'https://evil.example' }],
      ['PUT', '/api/sso/providers/acme/mapping', { rules: [], otherwise: { workspace: 'main', role: 'admin' } }],
      ['DELETE', '/api/sso/providers/acme', undefined],
      ['POST', '/api/sso/discover', { issuer: host.issuer }],
      ['POST', '/api/sso/providers/acme/dry-run', { source: { kind: 'all' } }],
      ['GET', '/api/sso/providers/acme/links', undefined],
    ];
    for (const [method, path, body] of tries) {
      expect((await developer.call(method, path, body)).status, path).toBe(403);
      expect((await site.visitor().call(method, path, body)).status, path).toBe(401);
    }
  });

  it('never give their secret back, nor send it where it was not entered for', async () => {
    const { body } = await site.admin.call<SsoProvider>('GET', '/api/sso/providers/acme');
    expect(body.hasSecret).toBe(true);
    for (const change of [{ issuer: 'https://evil.example' }, { clientId: 'other' }, { certificateAuthority: 'PEM' }])
      expect((await site.admin.call('PATCH', '/api/sso/providers/acme', change)).body).toMatchObject({ faults: [{ path: 'clientSecret' }] });
    const { rows } = await sql<{ text: string }>`select row_to_json(p)::text as text from identity.sso_provider p
      union all select body::text from audit_entry union all select row_to_json(t)::text from identity.sso_transaction t`.execute(
      site.database.databases.engine,
    );
    const everything = JSON.stringify(body) + rows.map(({ text }) => text).join('') + site.logged();
    expect(everything).not.toContain(oidcClient.clientSecret);
  });

  it('lose their links when their issuer changes: the same subject elsewhere is somebody else', async () => {
    await site.admin.call('POST', '/api/sso/providers', { ...input, slug: 'moved', ...rules, issuer: forger.issuer });
    const moved = async () =>
      (
        await sql<{
          n: number;
        }>`select count(*)::int as n from identity.external_identity e join identity.sso_provider p on p.id = e.provider_id where p.slug = 'moved'`.execute(
          site.database.databases.engine,
        )
      ).rows[0]?.n;
    await sql`insert into identity.external_identity (provider_id, subject, user_id, claims)
      select p.id, 'root', u.id, '{}' from identity.sso_provider p, identity."user" u where p.slug = 'moved' and u.email = 'admin@example.com'`.execute(
      site.database.databases.engine,
    );
    expect(await moved()).toBe(1);
    await site.admin.call('PATCH', '/api/sso/providers/moved', { issuer: 'https://evil.example' });
    expect(await moved()).toBe(0);
    await site.admin.call('DELETE', '/api/sso/providers/moved');
  });

  it('whose issuer leads to metadata, loopback or another scheme are not asked', async () => {
    const discover = (issuer: string) => site.admin.call<{ code: string; detail: string }>('POST', '/api/sso/discover', { issuer });
    expect((await discover('http://idp.example')).status).toBe(400);
    expect((await discover('file:///etc/passwd')).status).toBe(400);
    expect((await discover('https://user@idp.example')).status).toBe(400);
    const metadata = await discover('https://169.254.169.254');
    expect([metadata.status, metadata.body.code, metadata.body.detail]).toEqual([502, 'sso.unreachable', expect.stringMatching(/169\.254\.169\.254/)]);
    allowEgress([]);
    try {
      const requests = await discover(`http://127.0.0.1:${new URL(forger.issuer).port}`);
      expect([requests.status, requests.body.code]).toEqual([502, 'sso.unreachable']);
      expect((await discover('https://10.0.0.1')).status).toBe(502);
    } finally {
      allowEgress(['127.0.0.0/8', '::1']);
    }
  });

  it('that say they are another issuer, or sign with a shared secret only, are refused', async () => {
    const discover = () => site.admin.call<{ code: string; detail: string }>('POST', '/api/sso/discover', { issuer: forger.issuer });
    forger.metadata = { issuer: host.issuer };
    expect((await discover()).body).toMatchObject({ code: 'sso.provider', faults: [{ path: 'issuer' }] });
    forger.metadata = { id_token_signing_alg_values_supported: ['HS256', 'none'] };
    expect((await discover()).body.detail).toContain('HS256, none');
    forger.metadata = {};
    expect((await discover()).status).toBe(200);
  });
});
