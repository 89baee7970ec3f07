import type { Session } from '@tidewheel/contract/routes/identity';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSite, password, type Site } from './testing/site.ts';
import type { Visitor } from './testing/visitor.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.forgiveAll());

const rules = (changed: Record<string, unknown>) => site.admin.call('PATCH', '/api/sign-in-rules', changed);
const isIn = async (visitor: Visitor) => (await visitor.call('GET', '/api/auth/me')).status === 200;
async function signedIn(email: string): Promise<Visitor> {
  const visitor = site.visitor();
  await visitor.call('POST', '/api/auth/sign-in', { email, password });
  return visitor;
}

it('a session that nobody used for long has ended, and use keeps it alive', async () => {
  const { visitor, email } = await site.person('viewer');
  const db = site.database.databases.engine;
  const lastUsed = (minutes: number) =>
    sql`update identity.session set created_at = now() - interval '2 days', last_seen_at = now() - make_interval(mins => ${minutes})
      where user_id = (select id from identity."user" where email = ${email})`.execute(db);
  await lastUsed(11 * 60);
  expect(await isIn(visitor)).toBe(true);
  await expect
    .poll(
      async () =>
        (
          await sql<{
            old: boolean;
          }>`select last_seen_at < now() - interval '1 hour' as old from identity.session s join identity."user" u on u.id = s.user_id where u.email = ${email}`.execute(
            db,
          )
        ).rows[0]?.old,
    )
    .toBe(false);
  await lastUsed(13 * 60);
  expect(await isIn(visitor)).toBe(false);
  await rules({ idleMinutes: 14 * 60 });
  expect(await isIn(visitor)).toBe(true);
  await rules({ idleMinutes: 720 });
});

it('what a page asks while nobody is at it does not keep the session from ending', async () => {
  const db = site.database.databases.engine;
  const { visitor, email } = await site.person('viewer');
  const age = (minutes: number) =>
    sql`update identity.session s set created_at = now() - interval '20 hours', last_seen_at = now() - make_interval(mins => ${minutes}) from identity."user" u where u.id = s.user_id and u.email = ${email}`.execute(
      db,
    );
  const isOld = async () =>
    (
      await sql<{
        old: boolean;
      }>`select last_seen_at < now() - interval '1 hour' as old from identity.session s join identity."user" u on u.id = s.user_id where u.email = ${email}`.execute(
        db,
      )
    ).rows[0]?.old;
  await age(11 * 60);
  expect((await visitor.call('GET', '/api/auth/me', undefined, { 'tidewheel-unattended': 'yes' })).status).toBe(200);
  // A use is noted beside the answer: what is not there after a while does not come.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await isOld()).toBe(true);
  expect(await isIn(visitor)).toBe(true);
  await expect.poll(isOld).toBe(false);
});

it('the oldest sessions end beyond the limit, also when many sign in at once', async () => {
  await rules({ maxSessions: 3 });
  const { visitor: first, email } = await site.person('viewer');
  const others = [await signedIn(email), await signedIn(email)];
  expect(await isIn(first)).toBe(true);
  others.push(await signedIn(email));
  expect([await isIn(first), ...(await Promise.all(others.map(isIn)))]).toEqual([false, true, true, true]);
  await site.forgiveAll();
  const many = await Promise.all(Array.from({ length: 4 }, () => signedIn(email)));
  expect((await Promise.all(many.map(isIn))).filter(Boolean).length).toBeLessThanOrEqual(3);
  const last = await signedIn(email);
  expect((await last.call<Session[]>('GET', '/api/auth/sessions')).body).toHaveLength(3);
  await rules({ maxSessions: 10 });
});

it('I end all my sessions but this one, and nobody else is touched', async () => {
  const { visitor, email } = await site.person('viewer');
  const others = [await signedIn(email), await signedIn(email)];
  expect((await visitor.call('DELETE', '/api/auth/sessions')).body).toEqual({ ended: 2 });
  expect([await isIn(visitor), await isIn(others[0] as Visitor), await isIn(others[1] as Visitor), await isIn(site.admin)]).toEqual([true, false, false, true]);
});

it("an administrator ends a user's sessions and tokens, or everybody's sessions", async () => {
  const { visitor, id } = await site.person('operator');
  const { visitor: bystander } = await site.person('operator');
  const { body } = await visitor.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'script' });
  expect((await bystander.call('DELETE', `/api/users/${id}/sessions`)).status).toBe(403);
  expect((await bystander.call('DELETE', '/api/sessions')).status).toBe(403);
  expect((await site.admin.call('DELETE', `/api/users/${id}/sessions`)).body).toEqual({ ended: 1, revoked: 1 });
  expect([await isIn(visitor), await isIn(bystander)]).toEqual([false, true]);
  expect((await site.visitor().call('GET', '/api/auth/me', undefined, { authorization: `Bearer ${body.token}` })).status).toBe(401);
  await site.admin.call('DELETE', '/api/sessions');
  expect([await isIn(bystander), await isIn(site.admin)]).toEqual([false, true]);
});
