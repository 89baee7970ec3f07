import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '@tidewheel/contract/run';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { packLogs } from '../../storage/logs/pack-log.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { type Feeds, openFeeds } from './feeds.ts';
import type { FeedItem, Reader, RunFeed } from './run-feed.ts';
import { otherWorkspace, summariesFrom, type WrittenRun, writeRun } from './testing/written-run.ts';

let database: FreshDatabase;
let feeds: Feeds;
let feed: RunFeed;
let objects: ObjectStore;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase({ size: 10 });
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-feed-'));
  objects = await createLocalStore(folder);
  feeds = await openFeeds({
    databases: database.databases,
    objects,
    readRuns: summariesFrom(database.databases),
    countUnread: async () => 0,
    log: pino({ level: 'silent' }),
  });
  feed = feeds.runs;
});
afterAll(async () => {
  await feeds.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;
const reader = async (): Promise<Actor> => ({
  userId: null,
  label: 'test',
  workspaceId: database.workspaceId,
  role: null,
  permissions: new Set(['run.read']),
});
const from = (run: WrittenRun, event = 0, log = 0, signal = never) =>
  feed.follow({ reader, workspaceId: run.workspaceId, runId: run.id, after: { event, log }, signal });

async function collect(items: AsyncIterable<FeedItem>, pauseMs = 0): Promise<{ events: number[]; lines: number[] }> {
  const events: number[] = [];
  const lines: number[] = [];
  for await (const item of items) {
    if ('event' in item) events.push(item.event.seq);
    else lines.push(item.log.seq);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  return { events, lines };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('follow', () => {
  it('gives history, then what happens, then ends with the run', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    await run.say({ events: ['run.queued', 'run.started'], lines: ['one'] });
    const all = collect(from(run));
    await sleep(30);
    await run.say({ events: ['step.started'], lines: ['two', 'three'] });
    await run.say({ end: true });
    expect(await all).toEqual({ events: [1, 2, 3, 4], lines: [1, 2, 3] });
    expect(await collect(from(run, 2, 1))).toEqual({ events: [3, 4], lines: [2, 3] });
    expect(await collect(from(run, 4, 3))).toEqual({ events: [], lines: [] });
  });

  it('never skips and never doubles, whoever joins when, while several writers race', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const readers: Promise<{ events: number[]; lines: number[] }>[] = [];
    const writer = async () => {
      for (let n = 0; n < 40; n++) await run.say({ events: ['step.progressed', 'step.progressed'], lines: ['a', 'b', 'c'] });
    };
    const joining = (async () => {
      for (let n = 0; n < 12; n++) {
        readers.push(collect(from(run), n % 4 === 3 ? 1 : 0));
        await sleep(15);
      }
    })();
    await Promise.all([writer(), writer(), writer(), joining]);
    await run.say({ end: true });
    for (const reader of readers) expect(await reader).toEqual({ events: upTo(241), lines: upTo(360) });
  });

  it('reads a long history page by page', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    await run.say({ events: Array(1_234).fill('step.progressed'), lines: Array(2_345).fill('x'), end: true });
    expect(await collect(from(run))).toEqual({ events: upTo(1_235), lines: upTo(2_345) });
  });

  it('reads on after the connection that listens was cut', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const all = collect(from(run));
    await sleep(50);
    // Before the cut: it listens again within milliseconds, and what nobody tells after that is never told.
    await run.say({ events: ['run.started'], quietly: true });
    await run.say({ end: true, quietly: true });
    await database.databases.enginePool
      .query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tidewheel events' and datname = current_database()`)
      .catch(() => {});
    expect(await all).toEqual({ events: [1, 2], lines: [] });
  });

  it('tells all of many followers', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const stop = new AbortController();
    let seen = 0;
    const readers = Array.from({ length: 50 }, async () => {
      for await (const item of from(run, 0, 0, stop.signal)) if ('event' in item) seen++;
    });
    await sleep(100);
    for (let n = 0; n < 10; n++) await run.say({ events: ['step.progressed'] });
    await expect.poll(() => seen).toBe(500);
    stop.abort();
    await Promise.all(readers);
  });

  it('shows a run to its own workspace only, also when both follow it', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const own = collect(from(run));
    await sleep(20);
    const stranger = feed.follow({ reader, workspaceId: await otherWorkspace(database.databases), runId: run.id, after: { event: 0, log: 0 }, signal: never });
    await expect(collect(stranger)).rejects.toMatchObject({ code: 'run.unknown', status: 404 });
    await run.say({ end: true });
    expect((await own).events).toEqual([1]);
  });

  it('goes on from the object store into rows without a seam, wherever it begins', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const pool = database.databases.enginePool;
    await run.say({ lines: Array.from({ length: 12_000 }, (_, n) => `line ${n + 1}`) });
    await pool.query('insert into log_due (workspace_id, run_id) values ($1, $2)', [run.workspaceId, run.id]);
    expect(await packLogs({ pool, objects })).toBe(2);
    await run.say({ lines: ['one more'], end: true });
    const all = (await collect(from(run))).lines;
    expect(all).toEqual(Array.from({ length: 12_001 }, (_, n) => n + 1));
    expect((await collect(from(run, 1, 4_990))).lines).toEqual(all.slice(4_990));
    expect((await collect(from(run, 1, 11_000))).lines).toEqual(all.slice(11_000));
  });

  it('ends when its signal is aborted', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    const stop = new AbortController();
    const all = collect(from(run, 0, 0, stop.signal));
    await sleep(30);
    stop.abort();
    expect((await all).events).toEqual([]);
  });
});

describe('a reader who may see some runs only', () => {
  const slugOf = async (run: WrittenRun) => {
    const { rows } = await database.databases.enginePool.query<{ slug: string }>('select f.slug from flow f join run r on r.flow_id = f.id where r.id = $1', [
      run.id,
    ]);
    return rows[0]?.slug ?? '';
  };
  const only = (slug: string): Actor => limitedActor(database.workspaceId, { rules: [{ permissions: ['run.read'], where: { flow: [slug] } }] });
  const follow = (run: WrittenRun, who: Reader) =>
    feed.follow({ reader: who, workspaceId: run.workspaceId, runId: run.id, after: { event: 0, log: 0 }, signal: never });

  it('finds no other one, and hears of no other one in the list', async () => {
    const [mine, other] = await Promise.all([writeRun(database.databases, database.workspaceId), writeRun(database.databases, database.workspaceId)]);
    const eve = only(await slugOf(mine));
    await expect(feed.requireRun(eve, other.id)).rejects.toMatchObject({ code: 'run.unknown', status: 404 });
    await expect(collect(follow(other, async () => eve))).rejects.toMatchObject({ code: 'run.unknown' });
    const stop = new AbortController();
    const heard: string[] = [];
    const following = (async () => {
      for await (const run of feed.followRuns({ reader: async () => eve, workspaceId: database.workspaceId, signal: stop.signal })) heard.push(run.id);
    })();
    await sleep(30);
    await other.say({ events: ['run.started'], end: true });
    await mine.say({ events: ['run.started'], end: true });
    await expect.poll(() => heard).toContain(mine.id);
    await sleep(100);
    expect(new Set(heard)).toEqual(new Set([mine.id]));
    stop.abort();
    await following;
  });

  it('hears nothing more once his role is another one, or the flow is in another folder', async () => {
    const run = await writeRun(database.databases, database.workspaceId);
    let now = only(await slugOf(run));
    const got: number[] = [];
    const ended = (async () => {
      for await (const item of follow(run, async () => now)) if ('event' in item) got.push(item.event.seq);
    })().catch((error: { code: string }) => error.code);
    await run.say({ events: ['run.started'] });
    await expect.poll(() => got).toEqual([1]);
    now = only('something-else');
    await run.say({ events: ['step.started'], end: true });
    expect(await ended).toBe('run.unknown');
    expect(got).toEqual([1]);
    const moved = await writeRun(database.databases, database.workspaceId);
    const inFinance = limitedActor(database.workspaceId, { rules: [{ permissions: ['run.read'], where: { folder: ['finance'] } }] });
    await expect(feed.requireRun(inFinance, moved.id)).rejects.toMatchObject({ code: 'run.unknown' });
    await database.databases.enginePool.query(`update flow set folder = 'finance/emir' where slug = $1`, [await slugOf(moved)]);
    await expect(feed.requireRun(inFinance, moved.id)).resolves.toBeUndefined();
  });
});

describe('followRuns', () => {
  it('gives changed runs of the workspace in their newest state', async () => {
    const stop = new AbortController();
    const got: RunSummary[] = [];
    const following = (async () => {
      for await (const run of feed.followRuns({ reader, workspaceId: database.workspaceId, signal: stop.signal })) got.push(run);
    })();
    await sleep(20);
    const runs = await Promise.all([1, 2, 3].map(() => writeRun(database.databases, database.workspaceId)));
    const foreign = await writeRun(database.databases, await otherWorkspace(database.databases));
    await Promise.all([...runs, foreign].map((run) => run.say({ events: ['run.started'], end: true })));
    await expect.poll(() => new Set(got.map((run) => run.id))).toEqual(new Set(runs.map((run) => run.id)));
    expect(got.at(-1)?.state).toBe('succeeded');
    stop.abort();
    await following;
  });
});
