// Many runs at once, dead letters and backfills, on real Postgres with a real worker.
import { Conflict } from '@tidewheel/contract/errors';
import type { BackfillRange } from '@tidewheel/contract/routes/backfills';
import type { BulkOutcome, BulkSelection } from '@tidewheel/contract/routes/bulk';
import { stepTypes } from '@tidewheel/steps/index';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../base/ids.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { cancelBackfill, listBackfills, previewBackfill, showBackfill, startBackfill } from './backfills.service.ts';
import { previewBulk, runBulk, startMany } from './bulk.service.ts';
import { takeBatch } from './bulk.store.ts';
import { discard, listDeadLetters, replay, showDeadLetter } from './dead-letters.service.ts';
import { pause } from './pause.service.ts';
import { startPerformanceTest } from './performance.service.ts';
import { rerun } from './rerun.service.ts';

let bench: EngineBench;
const broken = new Set<string>();
let most = 0;
let busy = 0;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.do': async (config, ctx) => {
        const key = String(config['key'] ?? ctx.parameters['day'] ?? '');
        most = Math.max(most, ++busy);
        await new Promise((resolve) => setImmediate(resolve));
        busy--;
        if (broken.has(key)) throw new Conflict('test.broken', `${key} is broken`);
        return {};
      },
    },
  });
});
afterAll(() => bench.close());
const ops = () => bench.engine.operations;
const waits = { wait: { use: 'flow.signal', with: { name: 'never' } } };

async function carryOut(selection: BulkSelection): Promise<BulkOutcome['results']> {
  const { id } = await previewBulk(ops(), bench.actor, selection);
  const results: BulkOutcome['results'] = [];
  for (;;) {
    const { results: some, left } = await runBulk(ops(), bench.actor, id);
    results.push(...some);
    if (left === 0) return results;
  }
}

describe('many runs at once', () => {
  test('a preview binds the runs; what came after it is not touched, what ended meanwhile is refused by itself', async () => {
    const slug = await bench.apply({ steps: waits });
    const started = await startMany(ops(), bench.actor, { slug, runs: Array.from({ length: 130 }, () => ({ parameters: {} })) });
    expect(started.every(({ run, code }) => run !== null && code === null)).toBe(true);
    const preview = await previewBulk(ops(), bench.actor, { action: 'cancel', filter: { flow: slug } });
    expect(preview).toMatchObject({ total: 130, passedOver: 0, sample: { length: 5 } });
    const later = await bench.runs.startRun(bench.actor, { slug, parameters: {} });
    await bench.runs.cancelRun(bench.actor, started[0]?.run ?? '');
    const first = await runBulk(ops(), bench.actor, preview.id);
    expect(first).toMatchObject({ total: 130, left: 30, results: { length: 100 } });
    const second = await runBulk(ops(), bench.actor, preview.id);
    expect(second.left).toBe(0);
    const refused = [...first.results, ...second.results].filter(({ done }) => !done);
    expect(refused).toMatchObject([{ run: started[0]?.run, code: 'run.ended' }]);
    expect((await runBulk(ops(), bench.actor, preview.id)).results).toEqual([]);
    expect((await bench.runs.showRun(bench.actor, later.id)).state).not.toBe('cancelled');
    await expect(runBulk(ops(), { ...bench.actor, label: 'eve' }, preview.id)).rejects.toMatchObject({ code: 'bulk.unknown' });
    await bench.runs.cancelRun(bench.actor, later.id);
  });

  test('what a server that died had begun is done again, nothing of it twice and nothing passed over', async () => {
    const slug = await bench.apply({ steps: { value: { use: 'flow.value', with: { value: 1 } } } });
    const ended: string[] = [];
    for (let times = 0; times < 3; times++) ended.push((await bench.ended((await bench.runs.startRun(bench.actor, { slug, parameters: {} })).id)).id);
    const { id } = await previewBulk(ops(), bench.actor, { action: 'rerun', ids: ended });
    const { workspaceId, label } = bench.actor;
    // As a server leaves it that dies: the batch is taken, one run of it is started again.
    await inWorkspace(ops().databases.app, workspaceId, (trx) => takeBatch(trx, { id, by: label, size: 100, token: newId() }));
    const first = await rerun(ops(), bench.actor, { id: ended[0] ?? '', parameters: {}, idempotencyKey: `bulk ${id}` });
    await expect(runBulk(ops(), bench.actor, id)).rejects.toMatchObject({ code: 'bulk.busy' });
    await sql`update bulk_operation set taken_until = now() - interval '1 second' where id = ${id}`.execute(ops().databases.engine);
    const { results, left } = await runBulk(ops(), bench.actor, id);
    expect([left, results.length, results.filter(({ done }) => done).length]).toEqual([0, 3, 3]);
    expect(results.map(({ started }) => started)).toContain(first.id);
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from run where rerun_of = any(${ended})`.execute(ops().databases.engine);
    expect(rows[0]?.count).toBe(3);
    expect((await runBulk(ops(), bench.actor, id)).results).toEqual([]);
  });

  test('pauses, resumes and runs again; ids are taken too, and what the action is not for is passed over', async () => {
    const slug = await bench.apply({ steps: waits });
    const [a, b] = [await bench.runs.startRun(bench.actor, { slug, parameters: {} }), await bench.runs.startRun(bench.actor, { slug, parameters: {} })];
    await pause(ops(), bench.actor, a.id);
    expect(await previewBulk(ops(), bench.actor, { action: 'pause', ids: [a.id, b.id] })).toMatchObject({ total: 1, passedOver: 1 });
    expect(await carryOut({ action: 'pause', ids: [b.id] })).toMatchObject([{ run: b.id, done: true }]);
    expect(await carryOut({ action: 'resume', filter: { flow: slug } })).toHaveLength(2);
    await carryOut({ action: 'cancel', filter: { flow: slug } });
    const again = await carryOut({ action: 'rerun', filter: { flow: slug, state: 'cancelled' }, from: 'failed' });
    expect(again.map(({ done, started }) => [done, started !== null])).toEqual([
      [true, true],
      [true, true],
    ]);
    await carryOut({ action: 'cancel', filter: { flow: slug } });
    const past = { startedBefore: '2020-01-01T00:00:00.000Z' };
    expect(await previewBulk(ops(), bench.actor, { action: 'rerun', filter: { flow: slug, ...past } })).toMatchObject({ total: 0 });
  });

  test('each run is checked for whoever asks; starts that do not fit are refused one by one', async () => {
    const slug = await bench.apply({ steps: waits, parameters: { n: { type: 'integer' } } });
    const started = await startMany(ops(), bench.actor, { slug, runs: [{ parameters: { n: 1 } }, { parameters: { n: 'x' } }, { parameters: {} }] });
    expect(started.map(({ code }) => code)).toEqual([null, 'run.parameters', 'run.parameters']);
    const reader = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read'] }] });
    const { id } = await previewBulk(ops(), reader, { action: 'cancel', filter: { flow: slug } });
    expect((await runBulk(ops(), reader, id)).results).toMatchObject([{ done: false, code: 'permission.missing' }]);
    const masked = limitedActor(bench.actor.workspaceId, {
      rules: [{ permissions: ['run.read'] }],
      masks: [{ type: 'run', field: 'startedBy', as: 'masked' }],
    });
    const filter = { flow: slug, startedBy: 'test' };
    await expect(previewBulk(ops(), masked, { action: 'cancel', filter })).rejects.toMatchObject({ code: 'bulk.hidden', status: 403 });
    await carryOut({ action: 'cancel', filter: { flow: slug } });
  });
});

describe('dead letters', () => {
  const steps = {
    first: { use: 'test.do', with: { key: 'fine' } },
    soft: { use: 'test.do', mayFail: true, with: { key: 'soft' } },
    second: { use: 'test.do', after: ['first', 'soft'], with: { key: 'letter' } },
  };
  const open = async (flow: string) => (await listDeadLetters(ops(), bench.actor, { state: 'open', flow, limit: 50 })).items;

  test('a run that failed is one until a replay from what failed succeeds; a replay that fails takes its place', async () => {
    broken.add('letter');
    // It fails first, and is not what the run failed for.
    broken.add('soft');
    const slug = await bench.apply({ steps });
    const failed = await bench.ended((await bench.runs.startRun(bench.actor, { slug, parameters: {} })).id);
    expect(await open(slug)).toMatchObject([
      { id: failed.id, run: failed.id, code: 'test.broken', step: 'second', attempts: 1, message: 'letter is broken', replays: 0 },
    ]);
    const first = await replay(ops(), bench.actor, failed.id);
    await bench.ended(first.id);
    expect(await open(slug)).toMatchObject([{ id: failed.id, run: first.id, replays: 1, replay: { run: first.id, state: 'failed' } }]);
    broken.delete('letter');
    const second = await bench.ended((await replay(ops(), bench.actor, failed.id)).id);
    expect(second.steps[0]).toMatchObject({ reusedFrom: failed.id });
    expect(await showDeadLetter(ops(), bench.actor, failed.id)).toMatchObject({ state: 'resolved', replays: 2, ended: { by: 'test' } });
    expect(await open(slug)).toEqual([]);
    await expect(replay(ops(), bench.actor, failed.id)).rejects.toMatchObject({ code: 'dead_letter.settled', status: 409 });
  });

  test('are replayed as many at once as one likes, each once, whoever asks', async () => {
    // A regression: each held a connection while its run asked for another one, and ten at once held up every request for ever.
    broken.add('letter');
    const slug = await bench.apply({ steps: { second: { use: 'test.do', with: { key: 'letter' } } } });
    const failed: string[] = [];
    for (let times = 0; times < 10; times++) failed.push((await bench.ended((await bench.runs.startRun(bench.actor, { slug, parameters: {} })).id)).id);
    broken.delete('letter');
    const asked = await Promise.allSettled([...failed, ...failed].map((id) => replay(ops(), bench.actor, id)));
    const runs = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(new Set(runs).size).toBe(10);
    expect(asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []))).toEqual(
      Array.from({ length: 20 - runs.length }, () => 'dead_letter.settled'),
    );
    for (const id of runs) expect((await bench.ended(id)).state).toBe('succeeded');
    expect(await open(slug)).toEqual([]);
    for (const id of failed) expect(await showDeadLetter(ops(), bench.actor, id)).toMatchObject({ state: 'resolved', replays: 1 });
  });

  test('dry runs and runs below others are none; one is discarded with a comment, and running it again by hand resolves it', async () => {
    broken.add('letter');
    const slug = await bench.apply({ steps: { ...steps, items: { use: 'test.do', each: { over: '[1]' }, with: { key: 'letter' } } } });
    await bench.ended((await bench.runs.startRun(bench.actor, { slug, parameters: {}, mode: 'dry' })).id);
    expect(await open(slug)).toEqual([]);
    const [one, two] = [await bench.runs.startRun(bench.actor, { slug, parameters: {} }), await bench.runs.startRun(bench.actor, { slug, parameters: {} })];
    await Promise.all([bench.ended(one.id), bench.ended(two.id)]);
    expect((await open(slug)).map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(await discard(ops(), bench.actor, { id: one.id, comment: 'the bank was closed' })).toMatchObject({
      state: 'discarded',
      ended: { by: 'test', comment: 'the bank was closed' },
    });
    await expect(discard(ops(), bench.actor, { id: one.id, comment: 'again' })).rejects.toMatchObject({ code: 'dead_letter.settled' });
    broken.delete('letter');
    await bench.ended((await rerun(ops(), bench.actor, { id: two.id, parameters: {} })).id);
    expect(await showDeadLetter(ops(), bench.actor, two.id)).toMatchObject({ state: 'resolved' });
    await expect(showDeadLetter(ops(), bench.actor, bench.actor.workspaceId)).rejects.toMatchObject({ code: 'dead_letter.unknown' });
  });

  test('many are replayed or discarded together', async () => {
    broken.add('letter');
    const slug = await bench.apply({ steps });
    const started = await startMany(ops(), bench.actor, { slug, runs: Array.from({ length: 3 }, () => ({ parameters: {} })) });
    for (const { run } of started) await bench.ended(run ?? '');
    broken.delete('letter');
    await expect(previewBulk(ops(), bench.actor, { action: 'discard', filter: { flow: slug } })).rejects.toMatchObject({ code: 'bulk.comment' });
    expect(await carryOut({ action: 'discard', ids: [started[0]?.run ?? ''], comment: 'known' })).toMatchObject([{ done: true }]);
    const replayed = await carryOut({ action: 'replay', filter: { flow: slug, code: 'test.broken' } });
    expect(replayed).toHaveLength(2);
    for (const { started: run } of replayed) await bench.ended(run ?? '');
    expect(await open(slug)).toEqual([]);
  });
});

describe('backfills', () => {
  const range = (more: Partial<BackfillRange> = {}): BackfillRange => ({
    parameter: 'day',
    from: '2026-01-05',
    to: '2026-01-09',
    every: 'day',
    parameters: {},
    skipSucceeded: false,
    mode: 'normal',
    concurrency: 2,
    ...more,
  });
  const daily = (more: object = {}) => bench.apply({ steps: { work: { use: 'test.do' } }, parameters: { day: { type: 'date' } }, ...more });

  test('tells its price, runs so many at once, and is seen as one', async () => {
    const slug = await daily();
    expect(await previewBackfill(ops(), bench.actor, { slug, ...range() })).toMatchObject({ runs: 5, succeeded: [], medianMs: null, expectedMs: null });
    broken.add('2026-01-07');
    most = 0;
    const { id, progress } = await startBackfill(ops(), bench.actor, { slug, ...range() });
    expect(progress.total).toBe(5);
    await expect.poll(async () => (await showBackfill(ops(), bench.actor, id)).state).toBe('done');
    broken.delete('2026-01-07');
    expect(await showBackfill(ops(), bench.actor, id)).toMatchObject({
      progress: { succeeded: 4, failed: 1, waiting: 0, running: 0 },
      failed: [{ date: '2026-01-07' }],
    });
    expect(most).toBeLessThanOrEqual(2);
    const next = await previewBackfill(ops(), bench.actor, { slug, ...range({ skipSucceeded: true }) });
    expect(next).toMatchObject({ runs: 1, dates: ['2026-01-07'], medianMs: expect.any(Number), expectedMs: expect.any(Number) });
    expect(next.succeeded).toHaveLength(4);
    expect((await listBackfills(ops(), bench.actor, { flow: slug, limit: 10 })).items.map((one) => one.id)).toEqual([id]);
    const rules = [{ permissions: ['run.read' as const] }];
    const masked = limitedActor(bench.actor.workspaceId, { rules, masks: [{ type: 'run', field: 'startedBy', as: 'hidden' }] });
    expect(await showBackfill(ops(), masked, id)).toMatchObject({ createdBy: null });
  });

  test('what is left of one whose canceller ended half-way is cancelled too', async () => {
    const slug = await bench.apply({ steps: waits, parameters: { day: { type: 'date' } } });
    const started = await startBackfill(ops(), bench.actor, { slug, ...range() });
    const { databases } = bench;
    await databases.enginePool.query(
      `update backfill set cancelled_at = now() - interval '1 minute', cancelled_by = 'ada', is_cancelling = true where id = $1`,
      [started.id],
    );
    await expect.poll(async () => (await showBackfill(ops(), bench.actor, started.id)).progress.cancelled).toBe(5);
    const order = { parameters: {}, runs: 3, concurrency: 1, mode: 'normal' as const };
    const { id } = await startPerformanceTest(ops(), bench.actor, { slug: await bench.apply({ steps: waits }), ...order });
    await databases.enginePool.query(
      `update performance_test set cancelled_at = now() - interval '1 minute', cancelled_by = 'ada', is_cancelling = true where id = $1`,
      [id],
    );
    const open = 'select from run where idempotency_key like $1 and finished_at is null';
    await expect.poll(async () => (await databases.enginePool.query(open, [`performance ${id} %`])).rowCount).toBe(0);
    const marked = 'select from backfill where is_cancelling union all select from performance_test where is_cancelling';
    await expect.poll(async () => (await databases.enginePool.query(marked)).rowCount).toBe(0);
  });

  test('is there with all its runs or not at all', async () => {
    const slug = await daily();
    const { starter } = ops();
    const endsThen = {
      find: starter.find.bind(starter),
      startAll: async (...given: Parameters<typeof starter.startAll>) => {
        await starter.startAll(...given);
        throw new Conflict('test.ended', 'the process ends here');
      },
    } as unknown as typeof starter;
    await expect(startBackfill({ ...ops(), starter: endsThen }, bench.actor, { slug, ...range() })).rejects.toMatchObject({ code: 'test.ended' });
    const [backfills, runs] = await Promise.all([
      listBackfills(ops(), bench.actor, { flow: slug, limit: 10 }),
      bench.runs.listRuns(bench.actor, { flow: slug, limit: 10 }),
    ]);
    expect([backfills.items, runs.items]).toEqual([[], []]);
  });

  test('is cancelled as one; a flow that may not overlap does not overlap here either', async () => {
    const slug = await bench.apply({ steps: waits, parameters: { day: { type: 'date' } }, overlap: { policy: 'skip' } });
    const { id, concurrency } = await startBackfill(ops(), bench.actor, { slug, ...range({ concurrency: 5 }) });
    expect(concurrency).toBe(1);
    await expect.poll(async () => (await showBackfill(ops(), bench.actor, id)).progress).toMatchObject({ running: 1, waiting: 4 });
    expect(await cancelBackfill(ops(), bench.actor, id)).toMatchObject({ state: 'cancelled', cancelled: { by: 'test' } });
    await expect.poll(async () => (await showBackfill(ops(), bench.actor, id)).progress.cancelled).toBe(5);
    await expect(cancelBackfill(ops(), bench.actor, id)).rejects.toMatchObject({ code: 'backfill.over' });
  });

  test('refuses a parameter that is no date, values that do not fit, and a range with nothing in it', async () => {
    const slug = await daily();
    const preview = (more: Partial<BackfillRange>) => previewBackfill(ops(), bench.actor, { slug, ...range(more) });
    await expect(preview({ parameter: 'nothing' })).rejects.toMatchObject({ code: 'backfill.parameter', status: 400 });
    await expect(preview({ to: '2020-01-01' })).rejects.toMatchObject({ code: 'backfill.range' });
    await expect(preview({ parameters: { other: 1 } })).rejects.toMatchObject({ code: 'run.parameters' });
    const weekend = range({ from: '2026-01-10', to: '2026-01-11', every: 'weekday' });
    await expect(startBackfill(ops(), bench.actor, { slug, ...weekend })).rejects.toMatchObject({ code: 'backfill.nothing' });
  });
});
