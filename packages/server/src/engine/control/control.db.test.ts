// The switches on real Postgres and a real worker: pause and resume, drain and undrain, and what the status says of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { ControlService } from './control.service.ts';

let bench: EngineBench;
let control: ControlService;
/** How long a step is at work: until its test ends that. */
let work = Promise.withResolvers<void>();
beforeAll(async () => {
  bench = await startEngineBench({
    steps: {
      'test.echo': async (config) => ({ value: config }),
      'test.work': async () => {
        await work.promise;
        return {};
      },
    },
  });
  control = new ControlService({ databases: bench.databases, queue: bench.engine.queue });
});
afterAll(() => bench.close());
beforeEach(() => {
  work = Promise.withResolvers();
});
afterEach(async () => {
  await control.resumeEngine(bench.actor);
  await control.undrainWorker(bench.actor, await workerId());
});

const chain = {
  steps: {
    a: { use: 'test.work' },
    b: { use: 'test.echo', after: 'a' },
    c: { use: 'test.echo', after: 'b' },
  },
};
/** A worker hears of it a moment after it was written. */
const untilKnownMs = 1_500;

async function worker() {
  const [only] = (await control.showEngine(bench.actor)).workers;
  if (!only) throw new RangeError('there is no worker');
  return only;
}
async function workerId(): Promise<string> {
  return (await worker()).id;
}
async function audited(action: string): Promise<number> {
  const { rows } = await bench.databases.enginePool.query<{ n: number }>('select count(*) as n from audit_entry where action = $1', [action]);
  return rows[0]?.n ?? 0;
}

test('a paused engine ends the step that runs and begins no other, also not of the same run; resumed it goes on', async () => {
  const started = await bench.start(chain);
  await bench.until(started.id, (run) => run.steps[0]?.state === 'running');
  await control.pauseEngine(bench.actor, 'the disk is being changed');
  await sleep(untilKnownMs);
  work.resolve();
  const halted = await bench.until(started.id, (run) => run.steps[0]?.state === 'succeeded');
  const late = await bench.start({ steps: { only: { use: 'test.echo' } } });
  await sleep(1_500);
  expect((await bench.runs.showRun(bench.actor, started.id)).steps.map((step) => step.state)).toEqual(['succeeded', 'ready', 'pending']);
  expect((await bench.runs.showRun(bench.actor, late.id)).state).toBe('queued');
  expect(halted.state).toBe('running');
  const status = await control.showEngine(bench.actor);
  expect(status.paused).toMatchObject({ by: 'test', reason: 'the disk is being changed' });
  expect(status.workers[0]).toMatchObject({ state: 'paused', held: 0 });
  expect(status.queues.find((queue) => queue.tag === 'default')).toMatchObject({ ready: 2, held: 0, workers: 1 });
  await control.resumeEngine(bench.actor);
  expect((await bench.ended(started.id)).state).toBe('succeeded');
  expect((await bench.ended(late.id)).state).toBe('succeeded');
  const done = (await bench.events(started.id)).filter((event) => event.type === 'step.succeeded').map((event) => event.step);
  expect(done).toEqual(['a', 'b', 'c']);
});

test('a drained worker ends what it runs, shows drained, and works again when that is undone', async () => {
  const started = await bench.start(chain);
  await bench.until(started.id, (run) => run.steps[0]?.state === 'running');
  const before = await worker();
  expect(before).toMatchObject({ state: 'working', held: 1, concurrency: 100, runs: [{ run: started.id, step: 'a' }] });
  await control.drainWorker(bench.actor, before.id);
  expect((await worker()).state).toBe('draining');
  await sleep(untilKnownMs);
  work.resolve();
  await expect.poll(async () => (await worker()).state).toBe('drained');
  await sleep(1_200);
  expect((await bench.runs.showRun(bench.actor, started.id)).steps.map((step) => step.state)).toEqual(['succeeded', 'ready', 'pending']);
  await control.undrainWorker(bench.actor, before.id);
  expect((await bench.ended(started.id)).state).toBe('succeeded');
});

test('a drain outlives that the worker was declared dead and came back under a new id', async () => {
  const id = await workerId();
  await control.drainWorker(bench.actor, id);
  await bench.databases.enginePool.query('update worker set dead_at = now() where id = $1', [id]);
  await expect.poll(async () => (await control.showEngine(bench.actor)).workers[0]?.id ?? id).not.toBe(id);
  expect(await worker()).toMatchObject({ state: 'drained', drain: { by: 'test' } });
});

test('each switch leaves an entry in the audit trail, and none when it stands so already', async () => {
  const count = async () => Promise.all(['engine.paused', 'engine.resumed', 'worker.drained', 'worker.undrained'].map(audited));
  const before = await count();
  const id = await workerId();
  for (let twice = 0; twice < 2; twice++) await control.pauseEngine(bench.actor, null);
  for (let twice = 0; twice < 2; twice++) await control.resumeEngine(bench.actor);
  for (let twice = 0; twice < 2; twice++) await control.drainWorker(bench.actor, id);
  for (let twice = 0; twice < 2; twice++) await control.undrainWorker(bench.actor, id);
  expect((await count()).map((each, at) => each - (before[at] ?? 0))).toEqual([1, 1, 1, 1]);
});

test('a worker that is not there is refused, and so is who may not operate the engine', async () => {
  await expect(control.drainWorker(bench.actor, '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11')).rejects.toMatchObject({ code: 'worker.unknown' });
  const reader: Actor = { ...bench.actor, permissions: new Set(['system.read']) };
  await expect(control.pauseEngine(reader, null)).rejects.toMatchObject({ code: 'permission.missing' });
  await expect(control.showEngine({ ...bench.actor, permissions: new Set(['run.read']) })).rejects.toMatchObject({ code: 'permission.missing' });
  const started = await bench.start(chain);
  await bench.until(started.id, (run) => run.steps[0]?.state === 'running');
  // Who may not read runs sees that a worker is busy, not with what.
  expect((await control.showEngine(reader)).workers[0]).toMatchObject({ held: 1, runs: [] });
  work.resolve();
  await bench.ended(started.id);
});

test('the rate of a queue counts the steps that were recorded', async () => {
  const slug = await bench.apply({ steps: { a: { use: 'test.echo' }, b: { use: 'test.echo', after: 'a' } } });
  const started = await Promise.all(Array.from({ length: 50 }, () => bench.runs.startRun(bench.actor, { slug, parameters: {} })));
  for (const { id } of started) await bench.ended(id);
  const rate = async () => (await control.showEngine(bench.actor)).queues.find((queue) => queue.tag === 'default')?.perMinute ?? 0;
  await expect.poll(rate).toBeGreaterThan(19);
});
