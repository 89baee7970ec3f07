// Notification events on real Postgres: raised once per key, told live, shown to who may see what they are about.
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NotificationEvent } from '@tidewheel/contract/notification';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { type Feeds, openFeeds } from './feeds.ts';
import { listNotifications, maySee, type Raised, raiseNotification, startNotificationRetention } from './notification.service.ts';
import { type NotificationRow, readNotifications } from './notification.store.ts';
import { summariesFrom, writeRun } from './testing/written-run.ts';

let database: FreshDatabase;
let feeds: Feeds;
let ada: Actor;
const log = pino({ level: 'silent' });
beforeAll(async () => {
  database = await freshDatabase();
  const { databases, workspaceId } = database;
  const objects = await createLocalStore(path.join(tmpdir(), `tidewheel-notifications-${workspaceId}`));
  feeds = await openFeeds({ databases, objects, readRuns: summariesFrom(databases), countUnread: async () => 0, log });
  ada = limitedActor(workspaceId, { rules: [{ permissions: ['notification.read', 'notification.raise', 'run.read'] }] });
});
afterAll(async () => {
  await feeds.close();
  await database.drop();
});

const raise = (raised: Partial<Raised>, actor = ada) =>
  raiseNotification(database, actor, { kind: 'custom', severity: 'info', title: 'Something', data: {}, ...raised });
const list = (query: Partial<Parameters<typeof listNotifications>[2]> = {}, actor = ada) => listNotifications(database, actor, { limit: 50, ...query });

/** As the engine writes it. */
async function aboutRun(): Promise<{ id: string; flow: string }> {
  const run = await writeRun(database.databases, database.workspaceId);
  const id = newId();
  const { rows } = await database.databases.enginePool.query<{ slug: string }>(
    `with f as (select f.id, f.slug from flow f join run r on r.flow_id = f.id where r.id = $3),
       n as (insert into notification_event (workspace_id, id, kind, severity, title, object_type, object_id, flow_id, raised_by)
             select $1, $2, 'run.failed', 'error', 'It failed', 'run', $3::text, f.id, 'engine' from f)
     select slug from f`,
    [run.workspaceId, id, run.id],
  );
  return { id, flow: rows[0]?.slug ?? '' };
}

test('what is raised is listed, newest first, by kind, severity and time; a key counts once', async () => {
  const first = await raise({ title: 'Prices are late', kind: 'feed.late', severity: 'warning', data: { venue: 'XETR' }, idempotencyKey: 'a' });
  const again = await raise({ title: 'Prices are very late', idempotencyKey: 'a' });
  expect(again).toEqual(first);
  const second = await raise({ title: 'Backup done', object: { type: 'host', id: 'db-1' } });
  expect((await list()).items).toEqual([second, first]);
  expect((await list({ kind: 'feed.late' })).items).toEqual([first]);
  expect((await list({ severity: 'warning' })).items).toEqual([first]);
  expect((await list({ since: second.at })).items).toEqual([second]);
  expect((await list({ limit: 1 })).next).not.toBeNull();
});

test('who may not, neither raises nor reads', async () => {
  const reader = limitedActor(database.workspaceId, { rules: [{ permissions: ['notification.read'] }] });
  await expect(raise({}, reader)).rejects.toMatchObject({ code: 'permission.missing' });
  const raiser = limitedActor(database.workspaceId, { rules: [{ permissions: ['notification.raise'] }] });
  await expect(list({}, raiser)).rejects.toMatchObject({ code: 'permission.missing' });
});

test('what is about a run is for who may see the runs of its flow', async () => {
  const [mine, other] = [await aboutRun(), await aboutRun()];
  const limited = limitedActor(database.workspaceId, {
    rules: [{ permissions: ['notification.read'] }, { permissions: ['run.read'], where: { flow: [mine.flow] } }],
  });
  const seen = (await list({}, limited)).items.map(({ id }) => id);
  expect(seen).toContain(mine.id);
  expect(seen).not.toContain(other.id);
  const byFlow = limitedActor(database.workspaceId, { rules: [{ permissions: ['notification.read', 'run.read'], where: { flow: [mine.flow] } }] });
  expect((await list({}, byFlow)).items.map(({ id }) => id)).toEqual([mine.id]);
});

test('what is for one person is seen by nobody else, and news of colors by who reads colors', async () => {
  const { id } = await raise({ title: 'Bob’s own' });
  const { id: colors } = await raise({ title: 'Ours' });
  const bob = { ...ada, userId: newId() };
  await database.databases.engine.updateTable('notification_event').set({ only_for: bob.userId }).where('id', '=', id).execute();
  await database.databases.engine.updateTable('notification_event').set({ kind: 'color.matched' }).where('id', '=', colors).execute();
  const seenBy = async (actor: Actor) => (await list({}, actor)).items.map((one) => one.id).filter((one) => [id, colors].includes(one));
  expect(await seenBy(bob)).toEqual([id]);
  expect(await seenBy(ada)).toEqual([]);
  const desk = limitedActor(database.workspaceId, { rules: [{ permissions: ['notification.read', 'color.read'] }] });
  expect(await seenBy(desk)).toEqual([colors]);
  const [row] = await readNotifications(database.databases.engine, [id]);
  expect([ada, bob].map((actor) => maySee(actor, row as NotificationRow))).toEqual([false, true]);
});

test('who follows is told of what he may see, and of nothing else', async () => {
  const stop = new AbortController();
  const mine = await aboutRun();
  const limited = limitedActor(database.workspaceId, { rules: [{ permissions: ['notification.read', 'run.read'], where: { flow: [mine.flow] } }] });
  const follow = async (actor: Actor, got: NotificationEvent[]) => {
    for await (const event of feeds.notifications.follow({ reader: async () => actor, workspaceId: database.workspaceId, signal: stop.signal }))
      got.push(event);
  };
  const [all, some]: [NotificationEvent[], NotificationEvent[]] = [[], []];
  const following = [follow(ada, all), follow(limited, some)];
  const raised = await raise({ title: 'Now' });
  await expect.poll(() => all).toEqual([raised]);
  feeds.notifications.note(JSON.stringify({ w: database.workspaceId, n: [mine.id] }));
  await expect.poll(() => some.map(({ id }) => id)).toEqual([mine.id]);
  stop.abort();
  await Promise.all(following);
  const nobody = limitedActor(database.workspaceId, { rules: [{ permissions: ['run.read'] }] });
  await expect(follow(nobody, [])).rejects.toMatchObject({ code: 'permission.missing' });
});

test('what is older than it is kept goes', async () => {
  const old = await raise({ title: 'Long ago' });
  await database.databases.enginePool.query(`update notification_event set at = now() - interval '100 days' where id = $1`, [old.id]);
  const kept = await raise({ title: 'New' });
  const stop = startNotificationRetention({ databases: database.databases, log });
  await expect.poll(async () => (await list()).items.map(({ id }) => id)).not.toContain(old.id);
  await stop();
  expect((await list()).items.map(({ id }) => id)).toContain(kept.id);
});
