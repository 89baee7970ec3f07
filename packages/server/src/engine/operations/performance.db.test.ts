// A flow measured by many runs of it, on real Postgres with a real worker.
import { Unreachable } from '@tidewheel/contract/errors';
import type { PerformanceReport } from '@tidewheel/contract/routes/performance';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { cancelPerformanceTest, listPerformanceTests, showPerformanceTest, startPerformanceTest } from './performance.service.ts';

let bench: EngineBench;
let busy = 0;
let most = 0;
const begun = new Set<string>();
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.work': async (config, ctx) => {
        most = Math.max(most, ++busy);
        await new Promise((resolve) => setTimeout(resolve, Number(config['ms'] ?? 0)));
        busy--;
        if (config['flaky'] === true && !begun.has(ctx.run.id) && begun.add(ctx.run.id)) throw new Unreachable('test.flaky', 'once more');
        return { counts: { rowsIn: 10, rowsOut: 5, dropped: 5, rejected: 0 } };
      },
    },
  });
});
afterAll(() => bench.close());
const ops = () => bench.engine.operations;
const order = { runs: 6, concurrency: 2, mode: 'normal' as const, parameters: {} };

async function done(id: string): Promise<PerformanceReport> {
  await expect.poll(async () => (await showPerformanceTest(ops(), bench.actor, id)).state).not.toBe('running');
  return showPerformanceTest(ops(), bench.actor, id);
}

test('it runs as many as asked for, so many at once, and measures each step; the next one stands beside it', async () => {
  const slug = await bench.apply({
    steps: {
      quick: { use: 'test.work' },
      slow: { use: 'test.work', after: 'quick', with: { ms: 60, flaky: true }, retry: { attempts: 2, delay: '10ms' } },
    },
  });
  most = 0;
  const report = await done((await startPerformanceTest(ops(), bench.actor, { slug, ...order })).id);
  expect(most).toBe(2);
  expect(report).toMatchObject({
    version: 1,
    mode: 'normal',
    concurrency: 2,
    state: 'done',
    progress: { total: 6, over: 6, failed: 0, cancelled: 0 },
    before: null,
  });
  const [slow, quick] = report.steps;
  expect(slow).toMatchObject({ step: 'slow', use: 'test.work', count: 6, retried: 6, failed: 0, rowsIn: 60, rowsOut: 30, before: null });
  expect(quick).toMatchObject({ step: 'quick', count: 6, retried: 0 });
  expect(slow?.ms.p50).toBeGreaterThanOrEqual(60);
  expect((slow?.share ?? 0) + (quick?.share ?? 0)).toBeCloseTo(1);
  expect(report.ms?.p50).toBeLessThanOrEqual(report.ms?.p95 ?? 0);
  expect(report.slowest?.ms).toBe(report.ms?.most);
  expect(report.runsPerMinute).toBeGreaterThan(0);

  const again = await done((await startPerformanceTest(ops(), bench.actor, { slug, ...order })).id);
  expect(again.before).toMatchObject({ id: report.id, ms: report.ms });
  expect(again.steps.find(({ step }) => step === 'slow')?.before).toBe(slow?.ms.p50);
  const other = await startPerformanceTest(ops(), bench.actor, { slug, ...order, concurrency: 1 });
  expect(other.before).toBeNull();
  await done(other.id);
});

test('it is cancelled as one; over, there is nothing to cancel', async () => {
  const slug = await bench.apply({ steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } });
  const { id } = await startPerformanceTest(ops(), bench.actor, { slug, ...order });
  expect(await cancelPerformanceTest(ops(), bench.actor, id)).toMatchObject({ state: 'cancelled', cancelled: { by: bench.actor.label } });
  await expect.poll(async () => (await showPerformanceTest(ops(), bench.actor, id)).progress.cancelled).toBe(6);
  await expect(cancelPerformanceTest(ops(), bench.actor, id)).rejects.toMatchObject({ code: 'performance.over' });
});

test('wrong parameters start nothing, and who may not see the runs of a flow sees no test of it', async () => {
  const slug = await bench.apply({ parameters: { day: { type: 'date' } }, steps: { a: { use: 'test.work' } } });
  const before = (await listPerformanceTests(ops(), bench.actor, { limit: 100 })).items.length;
  await expect(startPerformanceTest(ops(), bench.actor, { slug, ...order, parameters: { day: 'yesterday' } })).rejects.toMatchObject({
    code: 'run.parameters',
  });
  expect((await listPerformanceTests(ops(), bench.actor, { limit: 100 })).items).toHaveLength(before);
  const { id } = await startPerformanceTest(ops(), bench.actor, { slug, ...order, runs: 1, parameters: { day: '2026-01-01' } });
  await done(id);
  const blind = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read', 'flow.run'], where: { flow: ['another'] } }] });
  await expect(showPerformanceTest(ops(), blind, id)).rejects.toMatchObject({ code: 'performance.unknown' });
  expect((await listPerformanceTests(ops(), blind, { limit: 100 })).items).toEqual([]);
});
