// "Why" on real Postgres and a real worker: each reason is brought about, then asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { type EngineBench, startEngineBench } from '../../../testing/engine-bench.ts';
import { ControlService } from '../../control/control.service.ts';
import { type WhyDependencies, whyOfRun } from './why.service.ts';

let bench: EngineBench;
let deps: WhyDependencies;
let control: ControlService;
beforeAll(async () => {
  bench = await startEngineBench({
    concurrency: 2,
    steps: {
      'test.echo': async (config) => ({ value: config }),
      'test.fail': async () => {
        throw new InvalidInput('test.bad', 'it is bad', { hint: 'Make it good.' });
      },
      'test.away': async () => {
        throw new Unreachable('test.away', 'nobody answers');
      },
      'test.flaky': async (_config, ctx) => {
        if (ctx.attempt < 3) throw new Unreachable('test.flaky', `not yet (${ctx.attempt})`);
        return {};
      },
      'test.sleep': async (config, ctx) => {
        await sleep(Number(config['ms']), undefined, { signal: ctx.signal });
        return {};
      },
    },
  });
  deps = { databases: bench.databases, queue: bench.engine.queue, types: bench.types };
  control = new ControlService({ databases: bench.databases, queue: bench.engine.queue });
});
afterAll(() => bench.close());

const why = (run: string, actor: Actor = bench.actor) => whyOfRun(deps, actor, run);
const sleeper = { steps: { slow: { use: 'test.sleep', with: { ms: 60_000 } } } };

test('nobody has the tag', async () => {
  const { id } = await bench.start({ steps: { a: { use: 'test.echo', worker: 'mainframe' }, b: { use: 'test.echo', after: 'a' } } });
  const told = await why(id);
  expect(told.reason).toMatchObject({ code: 'no_worker', figures: { tag: 'mainframe', workers: 0 } });
  expect(told.reason?.change?.text).toContain('TIDEWHEEL_WORKER_TAGS=mainframe');
  expect(told.steps.map(({ step, reason }) => [step, reason?.code])).toEqual([
    ['a', 'no_worker'],
    ['b', 'predecessor'],
  ]);
  expect(told.steps[1]?.reason?.text).toBe('It waits for a (pending)');
  await bench.runs.cancelRun(bench.actor, id);
});

test('every worker is full, and how many go first', async () => {
  const slow = await Promise.all([bench.start(sleeper), bench.start(sleeper)]);
  for (const { id } of slow) await bench.until(id, (run) => run.steps[0]?.state === 'running');
  const [first, second] = [await bench.start({ steps: { a: { use: 'test.echo' } } }), await bench.start({ steps: { a: { use: 'test.echo' } } })];
  expect((await why(first.id)).reason).toMatchObject({ code: 'workers_full', figures: { places: 2, held: 2, ahead: 0 } });
  expect((await why(second.id)).steps[0]?.reason).toMatchObject({ code: 'workers_full', figures: { ahead: 1 } });
  expect(await why(slow[0]?.id ?? '')).toMatchObject({ reason: null, steps: [] });
  for (const { id } of slow) await bench.runs.cancelRun(bench.actor, id);
  await bench.ended(second.id);
});

test('it is paused, or its workers are drained, and by whom', async () => {
  const [worker] = (await control.showEngine(bench.actor)).workers;
  await control.drainWorker({ ...bench.actor, label: 'ada@example.com' }, worker?.id ?? '');
  const { id } = await bench.start({ steps: { a: { use: 'test.echo' } } });
  const drained = await why(id);
  expect(drained.reason).toMatchObject({ code: 'workers_draining', by: 'ada@example.com', change: { permission: 'system.edit', you: true } });
  await control.pauseEngine({ ...bench.actor, label: 'grace@example.com' }, 'new disks');
  const paused = await why(id, { ...bench.actor, permissions: new Set(['run.read']) });
  expect(paused.reason).toMatchObject({ code: 'engine_paused', by: 'grace@example.com', change: { permission: 'system.edit', you: false } });
  expect(paused.reason?.text).toContain('new disks');
  await control.resumeEngine(bench.actor);
  await control.undrainWorker(bench.actor, worker?.id ?? '');
  await bench.ended(id);
  expect(await why(id)).toMatchObject({ reason: null, steps: [] });
});

test('it waits to be tried again: the error, when, and how often it may', async () => {
  const { id } = await bench.start({ steps: { a: { use: 'test.away', retry: { attempts: 3, delay: '20s' } }, b: { use: 'test.echo', after: 'a' } } });
  await bench.until(id, (run) => run.steps[0]?.state === 'waiting');
  const told = await why(id);
  const [a, b] = told.steps;
  expect(a).toMatchObject({ state: 'waiting', attemptsLeft: 2, reason: { code: 'retry_wait', figures: { attempt: 1, attempts: 3 } } });
  expect(a?.retries).toMatchObject([{ attempt: 1, code: 'test.away', message: 'nobody answers', nextAt: a?.reason?.until }]);
  expect(Date.parse(a?.reason?.until ?? '')).toBeGreaterThan(Date.now() + 10_000);
  expect(b?.reason?.code).toBe('predecessor');
  expect(told.reason?.code).toBe('retry_wait');
  await bench.runs.cancelRun(bench.actor, id);
});

test('it was skipped: by its own condition, or because something before it was or failed', async () => {
  const { id } = await bench.start({
    steps: {
      a: { use: 'test.echo' },
      b: { use: 'test.echo', after: 'a', when: 'steps.a.state == "failed"' },
      c: { use: 'test.echo', from: 'b' },
      bad: { use: 'test.fail' },
      d: { use: 'test.echo', after: 'bad' },
      e: { use: 'test.echo', after: 'd' },
    },
  });
  await bench.ended(id);
  const told = await why(id);
  const reasons = Object.fromEntries(told.steps.map(({ step, reason }) => [step, reason]));
  expect(Object.keys(reasons)).toEqual(['b', 'c', 'bad', 'd', 'e']);
  expect(reasons['b']).toMatchObject({
    code: 'condition_false',
    text: 'Its condition `steps.a.state == "failed"` was false',
    change: { permission: 'flow.edit' },
  });
  expect(reasons['c']).toMatchObject({ code: 'predecessor_failed', text: 'It was skipped because b was skipped' });
  expect(reasons['bad']).toMatchObject({ code: 'failed', change: { permission: 'flow.run', you: true } });
  expect(reasons['e']).toMatchObject({ code: 'predecessor_failed', text: 'It was skipped because bad failed', figures: { steps: ['bad'] } });
  for (const reason of Object.values(reasons)) expect(reason?.since).not.toBeNull();
  expect(told.reason).toMatchObject({ code: 'failed', text: 'bad failed' });
});

test('it was cancelled: by whom and when', async () => {
  const started = await bench.start({ steps: { slow: { use: 'test.sleep', with: { ms: 60_000 } }, next: { use: 'test.echo', from: 'slow' } } });
  await bench.until(started.id, (run) => run.steps[0]?.state === 'running');
  await bench.runs.cancelRun({ ...bench.actor, label: 'ada@example.com' }, started.id);
  await bench.ended(started.id);
  const told = await why(started.id);
  expect(told.reason).toMatchObject({ code: 'cancelled', by: 'ada@example.com', text: 'ada@example.com cancelled the run' });
  expect(told.steps.map(({ step, reason }) => [step, reason?.code])).toEqual([
    ['slow', 'cancelled'],
    ['next', 'cancelled'],
  ]);
  const { id } = await bench.start({ ...sleeper, timeout: '300ms' } as typeof sleeper);
  await bench.ended(id);
  expect((await why(id)).reason).toMatchObject({ code: 'timed_out' });
});

test('a run that succeeded has nothing to explain, but what was tried again is told', async () => {
  const { id } = await bench.start({ steps: { a: { use: 'test.echo' }, b: { use: 'test.echo', after: 'a' } } });
  await bench.ended(id);
  expect(await why(id)).toMatchObject({ state: 'succeeded', reason: null, steps: [] });
  const flaky = await bench.start({ steps: { a: { use: 'test.flaky', retry: { attempts: 5, delay: '20ms' } }, b: { use: 'test.echo', after: 'a' } } });
  await bench.ended(flaky.id);
  const told = await why(flaky.id);
  expect(told).toMatchObject({ state: 'succeeded', reason: null, steps: [{ step: 'a', reason: null, attemptsLeft: null }] });
  expect(told.steps[0]?.retries.map(({ attempt, message }) => [attempt, message])).toEqual([
    [1, 'not yet (1)'],
    [2, 'not yet (2)'],
  ]);
});

test('what the actor may not see, or is not there, is not explained', async () => {
  const { id } = await bench.start({ steps: { a: { use: 'test.echo' } } });
  await bench.ended(id);
  await expect(why('019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11')).rejects.toMatchObject({ code: 'run.unknown' });
  await expect(why(id, { ...bench.actor, workspaceId: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11' })).rejects.toMatchObject({ code: 'run.unknown' });
  await expect(why(id, { ...bench.actor, permissions: new Set(['flow.read']) })).rejects.toMatchObject({ code: 'permission.missing' });
});
