import type { Me } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';

const next = 'lamp otter gravel nineteen';
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const signIn = (email: string, secret: string) => site.visitor().call<Me>('POST', '/api/auth/sign-in', { email, password: secret });
const tokenOf = (link: string) => link.split('/').at(-1) as string;
const forgot = (email: string) => site.visitor().call('POST', '/api/auth/forgotten-password', { email });
const reset = (link: string, secret: string) => site.visitor().call('POST', `/api/auth/account-links/${tokenOf(link)}/password`, { password: secret });
const rules = (changed: Record<string, unknown>) => site.admin.call('PATCH', '/api/sign-in-rules', changed);

describe('changing my password', () => {
  it('needs the present one, ends my other sessions and keeps this one', async () => {
    const { visitor, email } = await site.person('viewer');
    const other = site.visitor();
    await other.call('POST', '/api/auth/sign-in', { email, password });
    const change = (current: string) => visitor.call('POST', '/api/auth/password', { current, password: next });
    expect((await change('not the present one')).body).toMatchObject({ status: 400, faults: [{ path: 'current' }] });
    expect((await other.call('GET', '/api/auth/me')).status).toBe(200);
    expect((await change(password)).body).toEqual({ ended: 1 });
    expect([(await other.call('GET', '/api/auth/me')).status, (await visitor.call('GET', '/api/auth/me')).status]).toEqual([401, 200]);
    expect([(await signIn(email, password)).status, (await signIn(email, next)).status]).toEqual([401, 200]);
  });

  it('lets whoever found an open session not guess on', async () => {
    const { visitor } = await site.person('viewer');
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) statuses.push((await visitor.call('POST', '/api/auth/password', { current: `guess ${n}`, password: next })).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429]);
  });

  it('refuses the last five passwords, common ones and the own address', async () => {
    const { visitor, email } = await site.person('viewer');
    const words = ['otter', 'gravel', 'lantern', 'ferry', 'nickel', 'walnut'].map((word) => `seven ${word} and a chair`);
    let current = password;
    const change = (secret: string) => visitor.call('POST', '/api/auth/password', { current, password: secret });
    for (const word of words.slice(0, 4)) {
      expect((await change(word)).status).toBe(200);
      current = word;
    }
    for (const used of [password, ...words.slice(0, 4)]) expect((await change(used)).body, used).toMatchObject({ status: 400, code: 'password.refused' });
    expect((await change(words[4] as string)).status).toBe(200);
    current = words[4] as string;
    // The first one is the sixth back by now.
    expect((await change(password)).status).toBe(200);
    current = password;
    await site.forgiveAll();
    expect((await change('Password-2026!')).body['detail']).toMatch(/attackers try/);
    expect((await change(`${email.split('@')[0]} and more`)).body['detail']).toMatch(/e-mail/);
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from identity.password_history h join identity."user" u on u.id = h.user_id where u.email = ${email}`.execute(
      site.database.databases.engine,
    );
    expect(rows[0]?.n).toBe(5);
  });

  it('is done once by two at the same instant with the same new password', async () => {
    const { visitor } = await site.person('viewer');
    const both = await Promise.all([1, 2].map(() => visitor.call('POST', '/api/auth/password', { current: password, password: next })));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 400]);
  });
});

describe('a forgotten password', () => {
  it('is reset by a mailed link that works once, for half an hour, and ends every session', async () => {
    const { visitor, email } = await site.person('operator');
    expect(await forgot(email.toUpperCase())).toMatchObject({ status: 202, body: { accepted: true } });
    const link = await site.mailedLink(email);
    expect((await site.visitor().call('GET', `/api/auth/account-links/${tokenOf(link)}`)).body).toMatchObject({ purpose: 'password-reset', email });
    expect((await reset(link, 'Password-2026!')).status).toBe(400);
    const races = await Promise.all([reset(link, next), reset(link, next), reset(link, next)]);
    expect(races.map((answer) => answer.status).sort()).toEqual([200, 404, 404]);
    expect((await visitor.call('GET', '/api/auth/me')).status).toBe(401);
    // It signs nobody in by itself.
    expect(races.flatMap((answer) => answer.headers.getSetCookie())).toEqual([]);
    expect([(await signIn(email, password)).status, (await signIn(email, next)).status]).toEqual([401, 200]);
    const { rows } = await sql<{ minutes: number; token_hash: string }>`
      select round(extract(epoch from expires_at - created_at) / 60)::int as minutes, token_hash from identity.account_link order by created_at desc limit 1`.execute(
      site.database.databases.engine,
    );
    expect(rows[0]?.minutes).toBe(30);
    expect(rows[0]?.token_hash).not.toBe(tokenOf(link));
  });

  it('answers alike and sends nothing for addresses that are unknown or not confirmed', async () => {
    const { email: unconfirmed } = await site.person('viewer', { unverified: true });
    const { email } = await site.person('viewer');
    const answers = [await forgot(email), await forgot(unconfirmed), await forgot('nobody-here@example.com')];
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body, [...answer.headers.keys()].sort()]))).size).toBe(1);
    await site.mailedLink(email);
    expect([...site.mailsTo(unconfirmed), ...site.mailsTo('nobody-here@example.com')]).toEqual([]);
  });

  it('works once expired or replaced no more, nor as another kind of link', async () => {
    const { email } = await site.person('viewer');
    await forgot(email);
    const first = await site.mailedLink(email);
    await forgot(email);
    await expect.poll(() => site.mailsTo(email).length).toBe(2);
    const second = await site.mailedLink(email);
    expect((await reset(first, next)).status).toBe(404);
    expect((await site.visitor().call('POST', `/api/auth/account-links/${tokenOf(second)}/verified`)).status).toBe(404);
    await sql`update identity.account_link set expires_at = now() where used_at is null`.execute(site.database.databases.engine);
    expect((await reset(second, next)).body).toMatchObject({ status: 404, code: 'link.expired' });
  });

  it('floods nobody: few mails for one address, few from one sender', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await forgot('flooded@example.com')).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    await site.forgiveAll();
    statuses.length = 0;
    for (let n = 0; n < 12; n++) statuses.push((await forgot(`flooded${n}@example.com`)).status);
    expect(statuses).toEqual([...Array(10).fill(202), 429, 429]);
  });

  it('puts no address of a stranger into the link', async () => {
    const { email } = await site.person('viewer');
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    await site.visitor().call('POST', '/api/auth/forgotten-password', { email }, headers);
    expect(new URL(await site.mailedLink(email)).origin).toBe(site.server.origin);
  });

  it('says clearly that there is no mail server', async () => {
    await site.setMail(false);
    for (const email of ['admin@example.com', 'nobody@example.com'])
      expect((await forgot(email)).body).toMatchObject({ status: 409, code: 'mail.not_configured' });
    await site.setMail(true);
  });

  it('is voided by a change of the password', async () => {
    const { visitor, email } = await site.person('viewer');
    await forgot(email);
    const link = await site.mailedLink(email);
    await visitor.call('POST', '/api/auth/password', { current: password, password: next });
    expect((await reset(link, 'another otter on a bicycle')).status).toBe(404);
  });
});

describe('an administrator', () => {
  it('has a link mailed, or gets it where there is no mail; nobody else may', async () => {
    const { visitor, email, id } = await site.person('developer', { unverified: true });
    expect((await visitor.call('POST', `/api/users/${id}/password-reset`)).status).toBe(403);
    const mailed = await site.admin.call('POST', `/api/users/${id}/password-reset`);
    expect(mailed.body).toMatchObject({ email, mailed: true, link: null });
    expect((await reset(await site.mailedLink(email), next)).status).toBe(200);
    // Who used a mailed link reads that address.
    const again = site.visitor();
    expect((await again.call<Me>('POST', '/api/auth/sign-in', { email, password: next })).body.emailVerified).toBe(true);
    await site.setMail(false);
    const shown = await site.admin.call<{ link: string }>('POST', `/api/users/${id}/password-reset`);
    await site.setMail(true);
    expect((await reset(shown.body.link, 'another otter on a bicycle')).status).toBe(200);
    expect((await site.admin.call('POST', '/api/users/019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11/password-reset')).status).toBe(404);
  });

  it('sets the rules, within bounds, and a longer minimum holds at once', async () => {
    const { visitor } = await site.person('viewer');
    expect((await visitor.call('PATCH', '/api/sign-in-rules', { selfRegistration: true })).status).toBe(403);
    for (const wrong of [{ minPasswordLength: 4 }, { registrationRole: 'admin' }, { maxSessions: 0 }, { idleMinutes: 1 }])
      expect((await rules(wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect((await rules({ minPasswordLength: 30 })).body).toMatchObject({ minPasswordLength: 30, selfRegistration: false });
    expect((await visitor.call('POST', '/api/auth/password', { current: password, password: next })).body['detail']).toMatch(/at least 30/);
    await rules({ minPasswordLength: 12 });
  });
});

describe('addresses', () => {
  it('are confirmed by the mailed invitation, which the inviter does not see', async () => {
    const invited = await site.admin.call('POST', '/api/invitations', { email: 'mailed@example.com', role: 'viewer' });
    expect(invited.body).toMatchObject({ mailed: true, link: null });
    const token = tokenOf(await site.mailedLink('mailed@example.com'));
    const made = await site.visitor().call<Me>('POST', `/api/auth/links/${token}`, { email: 'mailed@example.com', name: 'M', password });
    expect(made.body.emailVerified).toBe(true);
  });

  it('are confirmed later by a mailed link, once', async () => {
    const { visitor, email } = await site.person('viewer', { unverified: true });
    expect((await visitor.call<Me>('GET', '/api/auth/me')).body.emailVerified).toBe(false);
    expect((await visitor.call('POST', '/api/auth/email-verification')).status).toBe(202);
    const path = `/api/auth/account-links/${tokenOf(await site.mailedLink(email))}/verified`;
    expect((await site.visitor().call('POST', path)).body).toEqual({ verified: true });
    expect((await site.visitor().call('POST', path)).status).toBe(404);
    expect((await visitor.call<Me>('GET', '/api/auth/me')).body.emailVerified).toBe(true);
  });
});

describe('self-registration', () => {
  const ask = (email: string) => site.visitor().call('POST', '/api/auth/registrations', { email });

  it('is off until an administrator allows it', async () => {
    expect((await ask('eve@example.com')).body).toMatchObject({ status: 403, code: 'registration.off' });
    expect((await site.visitor().call('GET', '/api/auth/entry')).body).toEqual({
      minPasswordLength: 12,
      selfRegistration: false,
      mail: true,
      passkeyOrigin: expect.any(String),
    });
  });

  it('makes an account of the set role for whoever reads the address, and tells nobody who has one', async () => {
    await rules({ selfRegistration: true, registrationRole: 'operator' });
    const { email: known } = await site.person('viewer');
    const [fresh, old] = [await ask('fresh@example.com'), await ask(known)];
    expect([fresh.status, fresh.body]).toEqual([old.status, old.body]);
    const token = tokenOf(await site.mailedLink('fresh@example.com'));
    expect(tokenOf(await site.mailedLink(known))).toBe('sign-in');
    const stolen = await site.visitor().call('POST', `/api/auth/links/${token}`, { email: 'thief@example.com', name: 'T', password });
    expect(stolen.body['code']).toBe('link.other_email');
    const made = await site.visitor().call<Me>('POST', `/api/auth/links/${token}`, { email: 'fresh@example.com', name: 'Fresh', password });
    expect(made.body).toMatchObject({ role: 'operator', emailVerified: true });
    await rules({ selfRegistration: false, registrationRole: 'viewer' });
  });
});

it('leaves no link and no password in the log', () => {
  const logged = site.logged();
  expect(logged).toContain('password.reset');
  for (const secret of [password, next]) expect(logged).not.toContain(secret);
  expect(logged).not.toMatch(/account-links\/[\w-]{43}|account-link\/[\w-]{43}/);
});
