// Passkeys against a device in software that can lie in each way; a real browser's are in tests/journeys/web.
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from './testing/authenticator.ts';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';

let site: Site;
let origin = '';
beforeAll(async () => {
  site = await openSite();
  origin = site.server.origin.replace('127.0.0.1', 'localhost');
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const db = () => site.database.databases.engine;
type Options = { challenge: string; rpId: string; allowCredentials: { id: string }[]; userVerification: string };
type CreationOptions = { challenge: string; rp: { id: string }; user: { id: string }; excludeCredentials: { id: string }[] };
type Added = { passkey: Passkey; recoveryCodes: string[] | null };

const optionsOf = async (visitor: Visitor, secondFactor = false) =>
  (await visitor.call<Options>('POST', '/api/auth/sign-in/passkey/options', { secondFactor })).body;
const beginOf = async (visitor: Visitor) => (await visitor.call<CreationOptions>('POST', '/api/auth/passkeys/options', {})).body;
const enter = (visitor: Visitor, credential: object) => visitor.call<Me>('POST', '/api/auth/sign-in/passkey', { credential });
const add = (visitor: Visitor, credential: object, title = 'Laptop') => visitor.call<Added>('POST', '/api/auth/passkeys', { title, credential });
const codeOf = (answer: { body: unknown }) => (answer.body as { code?: string }).code;
const signIn = (visitor: Visitor, email: string) => visitor.call('POST', '/api/auth/sign-in', { email, password });
const age = (userId: string) => sql`update identity.session set created_at = created_at - interval '11 minutes' where user_id = ${userId}`.execute(db());

interface Owner {
  visitor: Visitor;
  email: string;
  id: string;
  device: Authenticator;
  passkey: Passkey;
  recoveryCodes: string[];
}
async function owner(role = 'viewer'): Promise<Owner> {
  const person = await site.person(role);
  const device = new Authenticator(origin);
  const { body } = await add(person.visitor, device.create(await beginOf(person.visitor)));
  return { ...person, device, passkey: body.passkey, recoveryCodes: body.recoveryCodes ?? [] };
}

describe('adding', () => {
  it('the first one brings recovery codes and ends other sessions; the next does neither and cannot be the same device', async () => {
    const { visitor, email } = await site.person('viewer');
    const other = site.visitor();
    await signIn(other, email);
    const device = new Authenticator(origin);
    const first = await add(visitor, device.create(await beginOf(visitor)));
    expect(first).toMatchObject({ status: 201, body: { passkey: { title: 'Laptop', backedUp: true, usable: true, lastUsedAt: null } } });
    expect(new Set(first.body.recoveryCodes).size).toBe(10);
    expect([(await other.call('GET', '/api/auth/me')).status, (await visitor.call<Me>('GET', '/api/auth/me')).body.secondFactor]).toEqual([401, 'on']);
    const again = await beginOf(visitor);
    expect(again.excludeCredentials.map((known) => known.id)).toEqual([device.id]);
    expect(codeOf(await add(visitor, device.create(again)))).toBe('passkey.known');
    const second = new Authenticator(origin);
    expect((await add(visitor, second.create(await beginOf(visitor)), 'Phone')).body.recoveryCodes).toBeNull();
    expect((await visitor.call<Passkey[]>('GET', '/api/auth/passkeys')).body.map((passkey) => passkey.title)).toEqual(['Laptop', 'Phone']);
  });

  it.each([
    ['of another site', { origin: 'http://localhost.evil.example' }, 'passkey.refused'],
    ['at another port', { origin: 'http://localhost:1' }, 'passkey.refused'],
    ['for another domain', { rpId: 'evil.example' }, 'passkey.refused'],
    ['of another kind', { type: 'webauthn.get' }, 'passkey.refused'],
    ['made inside a page of others', { crossOrigin: true }, 'passkey.refused'],
    ['with another challenge', { challenge: 'bm90IG91cnM' }, 'passkey.expired'],
  ])('takes none %s', async (_what, lies, code) => {
    const { visitor } = await site.person('viewer');
    const refused = await add(visitor, new Authenticator(origin).create(await beginOf(visitor), lies));
    expect([refused.status, codeOf(refused)]).toEqual([400, code]);
  });

  it('takes a challenge once, from the browser and the user that asked', async () => {
    const [one, two] = [await site.person('viewer'), await site.person('viewer')];
    const challenge = await beginOf(one.visitor);
    expect(codeOf(await add(two.visitor, new Authenticator(origin).create(challenge)))).toBe('passkey.expired');
    const elsewhere = site.visitor();
    await signIn(elsewhere, one.email);
    expect(codeOf(await add(elsewhere, new Authenticator(origin).create(challenge)))).toBe('passkey.expired');
    expect((await add(one.visitor, new Authenticator(origin).create(challenge))).status).toBe(201);
    expect(codeOf(await add(one.visitor, new Authenticator(origin).create(challenge)))).toBe('passkey.expired');
    const stale = await beginOf(one.visitor);
    await sql`update identity.passkey_challenge set expires_at = now() - interval '1 second'`.execute(db());
    expect(codeOf(await add(one.visitor, new Authenticator(origin).create(stale)))).toBe('passkey.expired');
    // What was asked for to sign in registers nothing.
    const { challenge: other } = await optionsOf(one.visitor);
    expect(codeOf(await add(one.visitor, new Authenticator(origin).create({ ...stale, challenge: other })))).toBe('passkey.expired');
  });

  it('needs the password, and a code by then, when signing in was a while ago', async () => {
    const { visitor, id, recoveryCodes, passkey } = await owner();
    await age(id);
    const begin = (body: object) => visitor.call('POST', '/api/auth/passkeys/options', body);
    const remove = (body: object) => visitor.call('POST', `/api/auth/passkeys/${passkey.id}/remove`, body);
    for (const act of [begin, remove]) {
      expect(codeOf(await act({}))).toBe('auth.proof_needed');
      expect(codeOf(await act({ password: 'wrong one', code: recoveryCodes[0] }))).toBe('password.refused');
      expect(codeOf(await act({ password }))).toBe('second_factor.code_needed');
      expect(codeOf(await act({ password, code: '000000' }))).toBe('second_factor.wrong_code');
      await site.forgiveAll();
    }
    expect((await begin({ password, code: recoveryCodes[1] })).status).toBe(200);
    expect((await remove({ password, code: recoveryCodes[2] })).body).toEqual({ removed: true });
  });

  it('takes twenty at most', async () => {
    const { visitor, id } = await owner();
    await sql`insert into identity.passkey (id, user_id, title, credential_id, public_key, rp_id, counter, transports, backed_up)
      select gen_random_uuid(), ${id}, 'x', 'x' || n || ${id}, '', 'localhost', 0, '{}', false from generate_series(1, 19) n`.execute(db());
    expect(codeOf(await visitor.call('POST', '/api/auth/passkeys/options', {}))).toBe('passkey.too_many');
  });
});

describe('signing in with it alone', () => {
  it('needs no password and no other factor, and is a session like any other', async () => {
    const { email, device, passkey } = await owner();
    const guest = site.visitor();
    const options = await optionsOf(guest);
    expect(options).toMatchObject({ rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
    const entered = await enter(guest, device.sign(options));
    expect(entered).toMatchObject({ status: 200, body: { email, secondFactor: 'on' } });
    const sessions = (await guest.call<{ current: boolean; address: string }[]>('GET', '/api/auth/sessions')).body;
    expect(sessions.find((session) => session.current)?.address).toBe('127.0.0.1');
    const [used] = (await guest.call<Passkey[]>('GET', '/api/auth/passkeys')).body;
    expect([used?.id, used?.lastUsedAt === null]).toEqual([passkey.id, false]);
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }, 'passkey.refused'],
    ['another domain', { rpId: 'evil.example' }, 'passkey.refused'],
    ['a page inside a page of others', { crossOrigin: true }, 'passkey.refused'],
    ['what was signed to register', { type: 'webauthn.create' }, 'passkey.refused'],
    ['a challenge of its own', { challenge: 'bm90IG91cnM' }, 'passkey.expired'],
    ['a device that did not make sure who holds it', { isVerified: false }, 'passkey.refused'],
    ['a wrong signature', { isForged: true }, 'passkey.refused'],
    ['no user handle', { userHandle: null }, 'passkey.refused'],
    ['the user handle of nobody', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'passkey.refused'],
    ['an unknown credential', { credentialId: 'bm90IGtub3du' }, 'passkey.refused'],
  ])('does not take %s', async (_what, lies, code) => {
    const { device } = await owner();
    const guest = site.visitor();
    const refused = await enter(guest, device.sign(await optionsOf(guest), lies));
    expect([refused.status, codeOf(refused), guest.cookie]).toEqual([401, code, undefined]);
  });

  it('takes a challenge once, also from two at the same instant, and from no other browser', async () => {
    const { device } = await owner();
    const [guest, thief] = [site.visitor(), site.visitor()];
    const signed = device.sign(await optionsOf(guest));
    await optionsOf(thief);
    expect(codeOf(await enter(thief, signed))).toBe('passkey.expired');
    const both = await Promise.all([enter(guest, signed), enter(guest, signed)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect(codeOf(await enter(guest, signed))).toBe('passkey.expired');
    const late = device.sign(await optionsOf(guest));
    await sql`update identity.passkey_challenge set expires_at = now() - interval '1 second'`.execute(db());
    expect(codeOf(await enter(guest, late))).toBe('passkey.expired');
  });

  it('two pages of one browser wait side by side', async () => {
    const { device } = await owner();
    const guest = site.visitor();
    const [one, two] = [await optionsOf(guest), await optionsOf(guest)];
    expect((await enter(guest, device.sign(one))).status).toBe(200);
    expect((await enter(guest, device.sign(two))).status).toBe(200);
  });

  it('refuses a copy of the device, whose count falls back or stands still; one that never counts goes on', async () => {
    const { device } = await owner();
    const guest = site.visitor();
    device.counter = 7;
    expect((await enter(guest, device.sign(await optionsOf(guest)))).status).toBe(200);
    for (const counter of [8, 3, 0]) expect(codeOf(await enter(guest, device.sign(await optionsOf(guest), { counter })))).toBe('passkey.refused');
    const still = await owner();
    still.device.counter = 0;
    await sql`update identity.passkey set counter = 0 where id = ${still.passkey.id}`.execute(db());
    for (let n = 0; n < 2; n++) expect((await enter(guest, still.device.sign(await optionsOf(guest)))).status).toBe(200);
  });

  it("takes no one's credential under another's name", async () => {
    const [mine, other] = [await owner(), await owner()];
    const guest = site.visitor();
    // My key signs, and says it was the other's credential.
    expect(codeOf(await enter(guest, mine.device.sign(await optionsOf(guest), { credentialId: other.device.id })))).toBe('passkey.refused');
    const handle = Buffer.from(other.id.replaceAll('-', ''), 'hex').toString('base64url');
    expect(codeOf(await enter(guest, mine.device.sign(await optionsOf(guest), { userHandle: handle })))).toBe('passkey.refused');
  });

  it('slows down who tries on, and puts each failure into the audit trail', async () => {
    const { device, email } = await owner();
    const guest = site.visitor();
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await enter(guest, device.sign(await optionsOf(guest), { isForged: true }))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    // Its password still works for the owner: guesses at one way do not close the other.
    expect(codeOf(await signIn(site.visitor(), email))).toBe('auth.second_factor_required');
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from audit_entry where action = 'session.sign_in_failed' and body::text like ${`%${email}%`}`.execute(db());
    expect(rows[0]?.n).toBe(5);
  });

  it('lets nobody in who is suspended, or removed the passkey', async () => {
    const { device, id, visitor, passkey } = await owner();
    const guest = site.visitor();
    await sql`update identity.membership set suspended_at = now() where user_id = ${id}`.execute(db());
    expect(codeOf(await enter(guest, device.sign(await optionsOf(guest))))).toBe('auth.suspended');
    await sql`update identity.membership set suspended_at = null where user_id = ${id}`.execute(db());
    expect((await visitor.call('POST', `/api/auth/passkeys/${passkey.id}/remove`, {})).status).toBe(200);
    expect(codeOf(await enter(guest, device.sign(await optionsOf(guest))))).toBe('passkey.refused');
  });
});

describe('after the password', () => {
  it('stands for the code; possession is enough', async () => {
    const { email, device } = await owner();
    const guest = site.visitor();
    expect((await signIn(guest, email)).body).toMatchObject({ code: 'auth.second_factor_required', details: { methods: ['passkey', 'recovery'] } });
    const options = await optionsOf(guest, true);
    expect(options).toMatchObject({ allowCredentials: [{ id: device.id }], userVerification: 'preferred' });
    expect((await enter(guest, device.sign(options, { isVerified: false, userHandle: null }))).status).toBe(200);
  });

  it('needs the password in this browser, is good for one sign-in, and must be of the same user', async () => {
    const [mine, other] = [await owner(), await owner()];
    const guest = site.visitor();
    expect(codeOf(await guest.call('POST', '/api/auth/sign-in/passkey/options', { secondFactor: true }))).toBe('auth.password_first');
    await signIn(guest, mine.email);
    expect(codeOf(await enter(guest, other.device.sign(await optionsOf(guest, true))))).toBe('passkey.refused');
    const [one, two] = [await optionsOf(guest, true), await optionsOf(guest, true)];
    expect((await enter(guest, mine.device.sign(one, { isVerified: false }))).status).toBe(200);
    expect(codeOf(await enter(guest, mine.device.sign(two, { isVerified: false })))).toBe('passkey.expired');
  });

  it('is of no use for a sign-in that waits once all sessions of the user were ended', async () => {
    const { email, id, device } = await owner();
    const guest = site.visitor();
    await signIn(guest, email);
    const options = await optionsOf(guest, true);
    expect((await site.admin.call('DELETE', `/api/users/${id}/sessions`)).status).toBe(200);
    expect(codeOf(await enter(guest, device.sign(options)))).toBe('passkey.expired');
  });

  it('is asked for, so the password alone opens nothing; a recovery code does', async () => {
    const { email, recoveryCodes } = await owner();
    const guest = site.visitor();
    expect((await signIn(guest, email)).status).toBe(401);
    expect(guest.cookie).toBeUndefined();
    expect((await guest.call('POST', '/api/auth/sign-in', { email, password, code: recoveryCodes[0] })).status).toBe(200);
  });
});

it('a role that requires a second factor is content with it, and keeps the last one', async () => {
  await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: ['operator'] });
  const { visitor } = await site.person('operator');
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body).toMatchObject({ secondFactor: 'required', permissions: [] });
  const added = await add(visitor, new Authenticator(origin).create(await beginOf(visitor)));
  const me = (await visitor.call<Me>('GET', '/api/auth/me')).body;
  expect([me.secondFactor, me.permissions.length > 0]).toEqual(['on', true]);
  const removed = await visitor.call('POST', `/api/auth/passkeys/${added.body.passkey.id}/remove`, {});
  expect([removed.status, codeOf(removed)]).toEqual([409, 'second_factor.required']);
  await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: [] });
});

it('is renamed and removed by its owner alone; an administrator resets all', async () => {
  const [mine, other] = [await owner(), await owner()];
  const address = `/api/auth/passkeys/${mine.passkey.id}`;
  expect((await other.visitor.call('PATCH', address, { title: 'Not mine' })).status).toBe(404);
  expect((await other.visitor.call('POST', `${address}/remove`, {})).status).toBe(404);
  expect((await mine.visitor.call('PATCH', address, { title: 'Work laptop' })).body).toMatchObject({ title: 'Work laptop' });
  expect((await site.admin.call('DELETE', `/api/users/${mine.id}/second-factor`)).body).toEqual({ removed: true });
  expect((await signIn(site.visitor(), mine.email)).status).toBe(200);
});

it('one made for another address of the server is shown as such and not offered', async () => {
  const { visitor, email, passkey } = await owner();
  await sql`update identity.passkey set rp_id = 'old.example.org' where id = ${passkey.id}`.execute(db());
  expect((await visitor.call<Passkey[]>('GET', '/api/auth/passkeys')).body).toMatchObject([{ usable: false }]);
  expect((await signIn(site.visitor(), email)).body).toMatchObject({ details: { methods: ['recovery'] } });
});
