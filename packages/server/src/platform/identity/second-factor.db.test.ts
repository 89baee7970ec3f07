import type { Me, User } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';
import { stepAt, totpCode } from './totp.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const db = () => site.database.databases.engine;

/** An authenticator app: its own reading of the secret, and a clock that can be set. */
class App {
  readonly #secret: Buffer;
  constructor(base32: string) {
    const bits = [...base32].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
    this.#secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }
  code(stepsAway = 0): string {
    return totpCode({ secret: this.#secret, step: stepAt(new Date()) + stepsAway });
  }
}

interface Enrolled {
  visitor: Visitor;
  email: string;
  id: string;
  app: App;
  /** The code that switched it on. */
  spent: string;
  recoveryCodes: string[];
}
async function enrol(visitor: Visitor): Promise<Pick<Enrolled, 'app' | 'spent' | 'recoveryCodes'>> {
  const begun = await visitor.call<{ secret: string; uri: string }>('POST', '/api/auth/second-factor', { password });
  expect(begun.body.uri).toContain(`secret=${begun.body.secret}`);
  const app = new App(begun.body.secret);
  const spent = app.code();
  const confirmed = await visitor.call<{ recoveryCodes: string[] }>('POST', '/api/auth/second-factor/confirm', { code: spent });
  expect(confirmed.status).toBe(200);
  return { app, spent, recoveryCodes: confirmed.body.recoveryCodes };
}
async function enrolled(role = 'viewer'): Promise<Enrolled> {
  const person = await site.person(role);
  return { ...person, ...(await enrol(person.visitor)) };
}
/** As if no code had been used in this half minute. */
const freshStep = () => sql`update identity.totp set last_step = 0`.execute(db());
const signIn = (email: string, code?: string, secret = password, visitor = site.visitor()) =>
  visitor.call<Me>('POST', '/api/auth/sign-in', { email, password: secret, ...(code === undefined ? {} : { code }) });

describe('setting up', () => {
  it('needs the password and a right code, ends other sessions, and keeps nothing in clear', async () => {
    const { visitor, email } = await site.person('viewer');
    const other = site.visitor();
    await signIn(email, undefined, password, other);
    expect((await visitor.call('POST', '/api/auth/second-factor', { password: 'not mine' })).status).toBe(400);
    const begun = await visitor.call<{ secret: string }>('POST', '/api/auth/second-factor', { password });
    const app = new App(begun.body.secret);
    expect((await visitor.call('POST', '/api/auth/second-factor/confirm', { code: app.code(7) })).body['code']).toBe('second_factor.wrong_code');
    // Begun only: signing in asks for nothing yet.
    expect((await signIn(email)).status).toBe(200);
    const done = await visitor.call<{ recoveryCodes: string[] }>('POST', '/api/auth/second-factor/confirm', { code: app.code() });
    expect(new Set(done.body.recoveryCodes).size).toBe(10);
    expect([(await other.call('GET', '/api/auth/me')).status, (await visitor.call<Me>('GET', '/api/auth/me')).body.secondFactor]).toEqual([401, 'on']);
    const stored = await sql<{ all: string }>`
      select (select string_agg(row_to_json(t)::text || encode(sealed_secret, 'escape'), '') from identity.totp t) || (select string_agg(code_hash, '') from identity.recovery_code) as all`.execute(
      db(),
    );
    for (const secret of [begun.body.secret, ...done.body.recoveryCodes, ...done.body.recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(stored.rows[0]?.all).not.toContain(secret);
    expect((await visitor.call('POST', '/api/auth/second-factor', { password })).body['code']).toBe('second_factor.on');
  });

  it('binds the sealed secret to its user: a row copied to another does not open', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    await sql`update identity.totp t set sealed_secret = (select sealed_secret from identity.totp where user_id = ${one.id}), last_step = 0 where user_id = ${two.id}`.execute(
      db(),
    );
    expect((await signIn(two.email, one.app.code())).status).not.toBe(200);
  });
});

describe('signing in', () => {
  it('asks for a code after the right password only, and leaves no session without it', async () => {
    const { email, id, app } = await enrolled();
    const sessions = async () => (await sql<{ n: number }>`select count(*)::int as n from identity.session where user_id = ${id}`.execute(db())).rows[0]?.n;
    const before = await sessions();
    const asked = await signIn(email);
    expect(asked).toMatchObject({ status: 401, body: { code: 'auth.second_factor_required', details: { methods: ['app', 'recovery'] } } });
    expect(asked.headers.getSetCookie().filter((cookie) => !cookie.startsWith('tidewheel-pending='))).toEqual([]);
    expect((await signIn(email, undefined, 'wrong password')).body).toMatchObject({ code: 'auth.wrong_credentials' });
    expect((await signIn(email, app.code(), 'wrong password')).body).toMatchObject({ code: 'auth.wrong_credentials' });
    expect(await sessions()).toBe(before);
    await freshStep();
    expect((await signIn(email, app.code())).status).toBe(200);
  });

  it('takes a code once, also from many at the same instant, and none before it', async () => {
    const { email, app, spent } = await enrolled();
    expect((await signIn(email, spent)).body).toMatchObject({ code: 'auth.wrong_code' });
    await freshStep();
    const code = app.code();
    const answers = await Promise.all([1, 2, 3, 4].map(() => signIn(email, code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect((await signIn(email, app.code(-1))).status).toBe(401);
  });

  it('lets nobody who knows the password guess codes: forgiving needs both', async () => {
    const { email } = await enrolled();
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++) {
      // The password alone, in between, forgives nothing.
      await signIn(email);
      statuses.push((await signIn(email, '000000')).status);
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
  });

  it('counts a code that is due as no failure', async () => {
    const { email, app } = await enrolled();
    for (let n = 0; n < 9; n++) expect((await signIn(email)).status).toBe(401);
    await freshStep();
    expect((await signIn(email, app.code())).status).toBe(200);
  });

  it('takes each recovery code once, in any writing, and only those of the user', async () => {
    const [mine, other] = [await enrolled(), await enrolled()];
    const [first = '', second = ''] = mine.recoveryCodes;
    expect((await signIn(mine.email, first.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await signIn(mine.email, first)).status).toBe(401);
    expect((await signIn(other.email, second)).status).toBe(401);
    await site.forgiveAll();
    const both = await Promise.all([signIn(mine.email, second), signIn(mine.email, second)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect((await mine.visitor.call('GET', '/api/auth/second-factor')).body).toMatchObject({ on: true, app: true, required: false, recoveryCodesLeft: 8 });
  });

  it('asks for it after a password was reset by mail, too', async () => {
    const { email } = await enrolled();
    await site.visitor().call('POST', '/api/auth/forgotten-password', { email });
    const token = (await site.mailedLink(email)).split('/').at(-1);
    await site.visitor().call('POST', `/api/auth/account-links/${token}/password`, { password: 'lamp otter gravel nineteen' });
    expect((await signIn(email, undefined, 'lamp otter gravel nineteen')).body).toMatchObject({ code: 'auth.second_factor_required' });
  });
});

describe('changing it', () => {
  it('needs both factors, counted together', async () => {
    const { visitor, email, app, recoveryCodes } = await enrolled();
    await freshStep();
    const remove = (body: object) => visitor.call('POST', '/api/auth/second-factor/remove', body);
    expect((await remove({ password: 'wrong one', code: app.code() })).status).toBe(400);
    const guesses: number[] = [];
    for (let n = 0; n < 6; n++) guesses.push((await remove({ password, code: '000000' })).status);
    expect(guesses).toEqual([400, 400, 400, 400, 429, 429]);
    await site.forgiveAll();
    const renewed = await visitor.call<{ recoveryCodes: string[] }>('POST', '/api/auth/second-factor/recovery-codes', { password, code: app.code() });
    expect(renewed.status).toBe(200);
    expect((await signIn(email, recoveryCodes[0])).status).toBe(401);
    expect((await remove({ password, code: renewed.body.recoveryCodes[0] })).body).toEqual({ removed: true });
    expect((await signIn(email)).status).toBe(200);
  });

  it('is done by an administrator for a lost device, and by nobody else', async () => {
    const { visitor, email, id } = await enrolled();
    const { visitor: bystander } = await site.person('developer');
    expect((await bystander.call('DELETE', `/api/users/${id}/second-factor`)).status).toBe(403);
    const listed = (await site.admin.call<User[]>('GET', '/api/users')).body.find((user) => user.id === id);
    expect(listed?.secondFactor).toBe(true);
    expect((await site.admin.call('DELETE', `/api/users/${id}/second-factor`)).body).toEqual({ removed: true });
    expect((await visitor.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await signIn(email)).status).toBe(200);
    expect((await site.admin.call('DELETE', `/api/users/${id}/second-factor`)).body).toEqual({ removed: false });
  });
});

it('a role that requires it allows nothing but setting it up', async () => {
  const { visitor } = await site.person('developer');
  const { body: before } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'made before' });
  await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: ['developer'] });
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body).toMatchObject({ secondFactor: 'required', permissions: [] });
  // It says what is due, not that some permission is missing.
  expect((await visitor.call('GET', '/api/users')).body).toMatchObject({ status: 403, code: 'second_factor.required' });
  expect((await visitor.call('POST', '/api/auth/tokens', { title: 'a way around' })).body).toMatchObject({ status: 403, code: 'second_factor.required' });
  // A program cannot answer a question: what it had goes on.
  expect((await site.visitor().call('GET', '/api/users', undefined, { authorization: `Bearer ${before.token}` })).status).toBe(200);
  const { app } = await enrol(visitor);
  expect((await visitor.call('GET', '/api/users')).status).toBe(200);
  await freshStep();
  expect((await visitor.call('POST', '/api/auth/second-factor/remove', { password, code: app.code() })).body).toMatchObject({
    status: 409,
    code: 'second_factor.required',
  });
  await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: [] });
});

it('no secret and no code is in the log', () => {
  expect(site.logged()).toContain('secondFactor.confirm');
  expect(site.logged()).not.toMatch(/otpauth|"recoveryCodes"|[a-z2-7]{4}(-[a-z2-7]{4}){3}/);
});
