import type { Me } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const fresh = () => `new-${Math.random().toString(36).slice(2)}@example.com`;
const confirm = (link: string) => site.visitor().call('POST', `/api/auth/account-links/${link.split('/').at(-1)}/email`);
const signIn = (email: string) => site.visitor().call('POST', '/api/auth/sign-in', { email, password });

it('I change my name', async () => {
  const { visitor } = await site.person('viewer');
  expect((await visitor.call<Me>('PATCH', '/api/auth/me', { name: ' Grace Hopper ' })).body.name).toBe('Grace Hopper');
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body.name).toBe('Grace Hopper');
  expect((await visitor.call('PATCH', '/api/auth/me', { name: ' ' })).status).toBe(400);
  expect((await visitor.call('PATCH', '/api/auth/me', { name: 'x', role: 'admin' })).status).toBe(400);
});

it('my new address counts once its mail was answered, and the old one is told', async () => {
  const { visitor, email, id } = await site.person('viewer');
  const next = fresh();
  expect((await visitor.call('POST', '/api/auth/me/email', { email: next.toUpperCase(), password })).status).toBe(202);
  const link = await site.mailedLink(next);
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body.email).toBe(email);
  expect((await site.visitor().call('GET', `/api/auth/account-links/${link.split('/').at(-1)}`)).body).toMatchObject({ purpose: 'email-change', email: next });
  // The link changes an address and nothing else.
  const token = link.split('/').at(-1);
  expect((await site.visitor().call('POST', `/api/auth/account-links/${token}/password`, { password: 'staple battery horse correct' })).status).toBe(404);
  expect((await site.visitor().call('POST', `/api/auth/account-links/${token}/verified`)).status).toBe(404);
  const answers = await Promise.all([confirm(link), confirm(link), confirm(link)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body).toMatchObject({ email: next, emailVerified: true });
  await expect.poll(() => site.mailsTo(email).some((text) => text.includes(next))).toBe(true);
  expect([(await signIn(next)).status, (await signIn(email)).status]).toEqual([200, 401]);
  const { rows } = await sql<{ body: unknown }>`select body from audit_entry where action = 'user.email_changed' and body->'object'->>'id' = ${id}`.execute(
    site.database.databases.engine,
  );
  expect(rows[0]?.body).toMatchObject({ before: { email }, after: { email: next } });
});

it('nobody changes it without the password, and guesses count', async () => {
  const { visitor } = await site.person('viewer');
  const next = fresh();
  const codes = [];
  for (let i = 0; i < 6; i++) codes.push((await visitor.call('POST', '/api/auth/me/email', { email: next, password: 'not this one at all' })).status);
  expect([codes[0], codes.at(-1)]).toEqual([400, 429]);
  expect(site.mailsTo(next)).toEqual([]);
});

it('an address that somebody has is answered alike, and its owner gets no link to take', async () => {
  const { visitor, email } = await site.person('viewer');
  const { email: taken } = await site.person('viewer');
  const next = fresh();
  const [a, b] = [
    await visitor.call('POST', '/api/auth/me/email', { email: taken, password }),
    await visitor.call('POST', '/api/auth/me/email', { email: next, password }),
  ];
  expect([a.status, a.body]).toEqual([b.status, b.body]);
  expect(await site.mailedLink(taken)).toMatch(/\/sign-in$/);
  expect((await visitor.call('POST', '/api/auth/me/email', { email, password })).body['code']).toBe('email.same');
});

it('an address that was taken between asking and answering is refused', async () => {
  const { visitor, email } = await site.person('viewer');
  const { visitor: other } = await site.person('viewer');
  const next = fresh();
  await visitor.call('POST', '/api/auth/me/email', { email: next, password });
  const link = await site.mailedLink(next);
  await other.call('POST', '/api/auth/me/email', { email: next, password });
  await expect.poll(() => site.mailsTo(next).length).toBe(2);
  expect((await confirm(await site.mailedLink(next))).status).toBe(200);
  expect((await confirm(link)).body['code']).toBe('user.exists');
  expect((await visitor.call<Me>('GET', '/api/auth/me')).body.email).toBe(email);
});
