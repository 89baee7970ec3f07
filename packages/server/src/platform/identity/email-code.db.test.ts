// Codes by mail as the second factor, with a real mail server at the other end.
import type { Me } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const db = () => site.database.databases.engine;
const codeOf = (answer: { body: unknown }) => (answer.body as { code?: string }).code;
const signIn = (visitor: Visitor, email: string, code?: string) =>
  visitor.call<Me>('POST', '/api/auth/sign-in', { email, password, ...(code === undefined ? {} : { code }) });
const ask = (visitor: Visitor) => visitor.call<{ sentTo: string; left: number }>('POST', '/api/auth/sign-in/email-code');
const switchOn = (visitor: Visitor) => visitor.call<{ recoveryCodes: string[] | null }>('POST', '/api/auth/second-factor/email', { on: true });
/** As if the pause between two mails had passed. */
const waited = () => sql`update identity.pending_sign_in set code_sent_at = code_sent_at - interval '1 minute'`.execute(db());

interface Owner {
  visitor: Visitor;
  email: string;
  id: string;
  recoveryCodes: string[];
}
async function owner(role = 'viewer'): Promise<Owner> {
  const person = await site.person(role);
  const { body } = await switchOn(person.visitor);
  return { ...person, recoveryCodes: body.recoveryCodes ?? [] };
}
/** The code in the newest mail, once `count` with one came. */
async function mailedCode(to: string, count = 1): Promise<string> {
  const codes = () => site.mailsTo(to).flatMap((mail) => mail.match(/^\d{6}\r?$/m)?.[0].trim() ?? []);
  await expect.poll(() => codes().length).toBe(count);
  return codes().at(-1) ?? '';
}
/** A browser in which the password was given and a code was mailed. */
async function waiting(email: string, count = 1): Promise<{ guest: Visitor; code: string }> {
  const guest = site.visitor();
  await signIn(guest, email);
  expect((await ask(guest)).status).toBe(200);
  return { guest, code: await mailedCode(email, count) };
}
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('switching it on', () => {
  it('brings recovery codes, and asks for the code from then on', async () => {
    const { visitor, email } = await site.person('viewer');
    expect((await switchOn(visitor)).body.recoveryCodes).toHaveLength(10);
    expect((await visitor.call('GET', '/api/auth/second-factor')).body).toMatchObject({ on: true, app: false, email: { on: true, fault: null } });
    expect((await switchOn(visitor)).body).toEqual({ recoveryCodes: null });
    expect((await signIn(site.visitor(), email)).body).toMatchObject({ code: 'auth.second_factor_required', details: { methods: ['email', 'recovery'] } });
  });

  it('needs a confirmed address, a mail server, and rules that allow it', async () => {
    const unconfirmed = await site.person('viewer', { unverified: true });
    expect(codeOf(await switchOn(unconfirmed.visitor))).toBe('email_code.not_confirmed');
    const { visitor } = await site.person('viewer');
    await site.setMail(false);
    expect(codeOf(await switchOn(visitor))).toBe('email_code.no_mail');
    await site.setMail(true);
    await site.admin.call('PATCH', '/api/sign-in-rules', { emailCodeAllowed: false });
    expect(codeOf(await switchOn(visitor))).toBe('email_code.not_allowed');
    await site.admin.call('PATCH', '/api/sign-in-rules', { emailCodeAllowed: true });
    expect((await switchOn(visitor)).status).toBe(200);
  });
});

describe('the code', () => {
  it('signs in once, is kept as no hash that six digits would be guessed from, and is in neither log nor subject', async () => {
    const { email } = await owner();
    const { guest, code } = await waiting(email);
    const [mail] = site.mailsTo(email).slice(-1);
    expect(mail?.match(/^Subject: .*$/m)?.[0]).not.toContain(code);
    const stored = await sql<{ all: string }>`select string_agg(row_to_json(p)::text, '') as all from identity.pending_sign_in p`.execute(db());
    expect(stored.rows[0]?.all).not.toContain(code);
    expect(site.logged()).not.toContain(code);
    const entered = await signIn(guest, email, ` ${code.slice(0, 3)} ${code.slice(3)}`);
    expect([entered.status, entered.body.secondFactor]).toEqual([200, 'on']);
    expect(codeOf(await signIn(guest, email, code))).toBe('auth.wrong_code');
    expect(guest.jar.has('tidewheel-pending')).toBe(false);
  });

  it('is taken by one of two at the same instant', async () => {
    const { email } = await owner();
    const { guest, code } = await waiting(email);
    const both = await Promise.all([signIn(guest, email, code), signIn(guest, email, code)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 401]);
  });

  it('is good in the browser that asked, for the sign-in it was mailed for, and for that user', async () => {
    const [mine, his] = [await owner(), await owner()];
    const { guest, code } = await waiting(mine.email);
    const elsewhere = site.visitor();
    await signIn(elsewhere, mine.email);
    expect(codeOf(await signIn(elsewhere, mine.email, code))).toBe('auth.wrong_code');
    expect(codeOf(await signIn(site.visitor(), mine.email, code))).toBe('auth.wrong_code');
    expect(codeOf(await signIn(guest, his.email, code))).toBe('auth.wrong_code');
    await site.forgiveAll();
    // The password again: another sign-in waits now, and the code was for the one before.
    const before = guest.jar.get('tidewheel-pending') ?? '';
    await signIn(guest, mine.email);
    expect(codeOf(await signIn(guest, mine.email, code))).toBe('auth.wrong_code');
    guest.jar.set('tidewheel-pending', before);
    expect((await signIn(guest, mine.email, code)).status).toBe(200);
  });

  it('takes five tries, whatever the waits', async () => {
    const { email } = await owner();
    const { guest, code } = await waiting(email);
    for (let n = 0; n < 5; n++) {
      expect(codeOf(await signIn(guest, email, other(code)))).toBe('auth.wrong_code');
      await site.forgiveAll();
    }
    expect(codeOf(await signIn(guest, email, code))).toBe('auth.wrong_code');
  });

  it('counts each wrong one as a failed sign-in', async () => {
    const { email } = await owner();
    const { guest, code } = await waiting(email);
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      statuses.push((await signIn(guest, email, other(code))).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('is of no use after ten minutes, nor when the sign-in stopped waiting', async () => {
    const { email } = await owner();
    const { guest, code } = await waiting(email);
    const { rows } = await sql<{ minutes: number }>`
      select round(extract(epoch from max(code_expires_at) - now()) / 60)::int as minutes from identity.pending_sign_in where code_expires_at is not null`.execute(
      db(),
    );
    expect(rows[0]?.minutes).toBe(10);
    await sql`update identity.pending_sign_in set code_expires_at = now() - interval '1 second'`.execute(db());
    expect(codeOf(await signIn(guest, email, code))).toBe('auth.wrong_code');
    await waited();
    expect((await ask(guest)).status).toBe(200);
    const next = await mailedCode(email, 2);
    await sql`update identity.pending_sign_in set expires_at = now() - interval '1 second'`.execute(db());
    expect(codeOf(await signIn(guest, email, next))).toBe('auth.wrong_code');
    expect(codeOf(await ask(guest))).toBe('auth.password_first');
  });
});

describe('mailing it', () => {
  it('needs the password first, hides the address, and voids the code before', async () => {
    const { email } = await owner();
    expect(codeOf(await ask(site.visitor()))).toBe('auth.password_first');
    const guest = site.visitor();
    await signIn(guest, email);
    const sent = await ask(guest);
    expect(sent.body).toMatchObject({ sentTo: 'v•••@example.com', left: 2 });
    const first = await mailedCode(email);
    expect(codeOf(await ask(guest))).toBe('email_code.too_many');
    await waited();
    expect((await ask(guest)).body.left).toBe(1);
    const second = await mailedCode(email, 2);
    if (first !== second) expect(codeOf(await signIn(guest, email, first))).toBe('auth.wrong_code');
    await waited();
    expect((await ask(guest)).body.left).toBe(0);
    await waited();
    expect(codeOf(await ask(guest))).toBe('email_code.too_many');
    expect((await signIn(guest, email, await mailedCode(email, 3))).status).toBe(200);
  });

  it('floods no mailbox, however often the password is given', async () => {
    const { email } = await owner();
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) {
      const guest = site.visitor();
      await signIn(guest, email);
      statuses.push((await ask(guest)).status);
    }
    expect(statuses.slice(0, 10).every((status) => status === 200)).toBe(true);
    expect(statuses[10]).toBe(429);
  });

  it('is refused to who has not switched it on, and where the mail server is gone', async () => {
    const app = await site.person('viewer');
    await sql`insert into identity.totp (user_id, sealed_secret, confirmed_at) values (${app.id}, '', now())`.execute(db());
    const guest = site.visitor();
    expect((await signIn(guest, app.email)).body).toMatchObject({ details: { methods: ['app'] } });
    expect(codeOf(await ask(guest))).toBe('email_code.off');
    const { email } = await owner();
    await site.setMail(false);
    const another = site.visitor();
    // It is still asked for: without mail the recovery codes are left.
    expect((await signIn(another, email)).body).toMatchObject({ details: { methods: ['recovery'] } });
    expect(codeOf(await ask(another))).toBe('email_code.no_mail');
    await site.setMail(true);
  });
});

describe('the rules', () => {
  it('a role that requires a second factor is content with it only while the rules allow it', async () => {
    await site.admin.call('PATCH', '/api/sign-in-rules', { secondFactorRoles: ['operator'] });
    const { visitor } = await site.person('operator');
    const state = async () => (await visitor.call<Me>('GET', '/api/auth/me')).body.secondFactor;
    expect(await state()).toBe('required');
    await switchOn(visitor);
    expect(await state()).toBe('on');
    const off = await visitor.call('POST', '/api/auth/second-factor/email', { on: false });
    expect([off.status, codeOf(off)]).toEqual([409, 'second_factor.required']);
    await site.admin.call('PATCH', '/api/sign-in-rules', { emailCodeAllowed: false });
    expect(await state()).toBe('required');
    expect((await visitor.call('GET', '/api/auth/second-factor')).body).toMatchObject({ on: false, email: { on: true, fault: 'not_allowed' } });
    await site.admin.call('PATCH', '/api/sign-in-rules', { emailCodeAllowed: true, secondFactorRoles: [] });
  });

  it('every change of a factor has its entry in the audit trail', async () => {
    const { visitor, email, id } = await owner();
    expect((await visitor.call('POST', '/api/auth/second-factor/recovery-codes', {})).status).toBe(200);
    expect((await visitor.call('POST', '/api/auth/second-factor/email', { on: false })).status).toBe(200);
    expect((await signIn(site.visitor(), email)).status).toBe(200);
    expect(codeOf(await visitor.call('POST', '/api/auth/second-factor/recovery-codes', {}))).toBe('second_factor.off');
    const { rows } = await sql<{ action: string }>`
      select action from audit_entry where body::text like ${`%${id}%`} and action ~ '^(email_code|recovery_codes)' order by at, id`.execute(db());
    expect(rows.map((row) => row.action)).toEqual(['email_code.switched_on', 'recovery_codes.renewed', 'email_code.switched_off']);
  });
});
