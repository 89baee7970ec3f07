// What runs at the end of a run and after its cancellation. Each of these was found by the crash campaign.
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { cancelBelow, cancelRun } from './cancel.ts';
import { inTransaction } from './claim.store.ts';
import type { Runner } from './job-queue.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.do': async (config, ctx) => {
        await sleep(Number(config['ms'] ?? 0), undefined, { signal: ctx.signal });
        if (ctx.attempt <= Number(config['failures'] ?? 0)) throw new Unreachable('test.flaky', 'it fails on purpose');
        return { value: ctx.step };
      },
    },
  });
});
afterAll(() => bench.close());

const states = (run: Run) => Object.fromEntries(run.steps.map((step) => [step.step, step.state]));
const act = (more: object = {}, config: object = {}) => ({ use: 'test.do', with: config, ...more });

test('steps side by side at the end begin once each', async () => {
  const steps = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, act({ on: 'always' })]));
  const started = await Promise.all(Array.from({ length: 20 }, () => bench.start({ steps })));
  for (const { id } of started) {
    const run = await bench.ended(id);
    expect(run.state).toBe('succeeded');
    const ends = (await bench.events(id)).filter(({ type }) => type === 'step.succeeded').map(({ step }) => step);
    expect(ends.sort()).toEqual(['a', 'b', 'c', 'd']);
    expect((await bench.events(id)).at(-1)?.type).toBe('run.succeeded');
  }
});

test('a join that is content with one of several begins once', async () => {
  const before = ['a', 'b', 'c', 'd'];
  const steps = { ...Object.fromEntries(before.map((id) => [id, act()])), any: act({ after: before, join: 'any' }, { ms: 20 }) };
  const started = await Promise.all(Array.from({ length: 20 }, () => bench.start({ steps })));
  for (const { id } of started) {
    expect((await bench.ended(id)).state).toBe('succeeded');
    const refused = (await bench.events(id)).filter(({ type }) => type === 'step.refused');
    expect(refused).toEqual([]);
  }
});

test('what runs at the end is not undone', async () => {
  const { id } = await bench.start({
    steps: {
      work: act({ undo: { use: 'test.do' } }),
      wrong: { use: 'flow.fail', after: 'work', with: { message: 'on purpose' } },
      tidy: act({ on: 'always', undo: { use: 'test.do' } }),
      last: act({ after: 'tidy', on: 'always' }),
    },
  });
  expect(states(await bench.ended(id))).toEqual({ work: 'compensated', 'work.undo': 'succeeded', wrong: 'failed', tidy: 'succeeded', last: 'succeeded' });
});

test('what cleans up after a cancelled run has runs below it, and is tried again, beside others', async () => {
  const { id } = await bench.start({
    steps: {
      wait: { use: 'flow.signal', with: { name: 'never' } },
      group: { use: 'flow.steps', on: 'always', steps: { inner: act({}, { ms: 50 }) } },
      flaky: act({ on: 'always', retry: { attempts: 3, delay: '20ms' } }, { failures: 2 }),
      slow: act({ on: 'always' }, { ms: 300 }),
    },
  });
  await bench.until(id, (run) => states(run)['wait'] === 'waiting');
  await bench.runs.cancelRun(bench.actor, id);
  const ended = await bench.ended(id);
  expect([ended.state, states(ended)]).toEqual(['cancelled', { wait: 'cancelled', group: 'succeeded', flaky: 'succeeded', slow: 'succeeded' }]);
});

test('a run that is cancelled while it cleans up goes on with that', async () => {
  const { id } = await bench.start({
    steps: {
      work: act(),
      nap: { use: 'flow.sleep', on: 'always', with: { for: '400ms' } },
      flaky: act({ on: 'always', retry: { attempts: 2, delay: '400ms' } }, { failures: 1 }),
      last: act({ after: 'nap' }),
    },
  });
  await bench.until(id, (run) => states(run)['nap'] === 'waiting' && states(run)['flaky'] === 'waiting');
  await bench.runs.cancelRun(bench.actor, id);
  const ended = await bench.ended(id);
  expect([ended.state, states(ended)]).toEqual(['cancelled', { work: 'succeeded', nap: 'succeeded', flaky: 'succeeded', last: 'succeeded' }]);
});

test('a run that is cancelled while a run below it cleans up lets that go on; once more ends it', async () => {
  const stepsFor = async (nap: string) => {
    const flow = await bench.apply({ steps: { slow: { use: 'flow.sleep', with: { for: nap } }, last: act({ after: 'slow' }) } });
    return {
      work: act(),
      group: { use: 'flow.steps', on: 'always', steps: { inner: { use: 'flow.run', with: { flow } } } },
      items: { use: 'flow.sleep', on: 'always', each: { over: `["${nap}", "${nap}"]` }, with: { for: '{{ item }}' } },
    };
  };
  // What is ended must not have ended by itself before that, however busy the machine.
  const started = [await bench.start({ steps: await stepsFor('2s') }), await bench.start({ steps: await stepsFor('10m') })];
  for (const { id } of started) await bench.until(id, (run) => states(run)['group'] === 'waiting' && states(run)['items'] === 'waiting');
  for (const { id } of started) await bench.runs.cancelRun(bench.actor, id);
  const [once, twice] = started.map(({ id }) => id) as [string, string];
  await bench.runs.cancelRun(bench.actor, twice);
  const [clean, forced] = [await bench.ended(once), await bench.ended(twice)];
  expect([clean.state, states(clean)]).toEqual(['cancelled', { work: 'succeeded', group: 'succeeded', items: 'succeeded' }]);
  expect([forced.state, states(forced)]).toEqual(['cancelled', { work: 'succeeded', group: 'cancelled', items: 'cancelled' }]);
});

test('what is being cancelled already is left to its cleaning up, whatever else would cancel it', async () => {
  const steps = { wait: { use: 'flow.signal', with: { name: 'never' } }, tidy: act({ on: 'always' }, { ms: 300 }) };
  const slug = await bench.apply({ overlap: { policy: 'cancelPrevious' }, steps });
  const runs = [];
  for (let at = 0; at < 3; at++) {
    runs.push(await bench.runs.startRun(bench.actor, { slug, parameters: {} }));
    if (at === 0) await bench.until(runs[0]?.id ?? '', (run) => states(run)['wait'] === 'waiting');
  }
  const [first, , last] = runs.map(({ id }) => id) as [string, string, string];
  expect(states(await bench.ended(first))).toEqual({ wait: 'cancelled', tidy: 'succeeded' });
  await bench.until(last, (run) => states(run)['wait'] === 'waiting');
  await bench.runs.cancelRun(bench.actor, last);
  expect(states(await bench.ended(last))).toEqual({ wait: 'cancelled', tidy: 'succeeded' });
});

test('items whose time is over clean up each for itself', async () => {
  const tidy = { use: 'flow.sleep', on: 'always', with: { for: '{{ item }}' } };
  const steps = { wait: { use: 'flow.signal', with: { name: 'never' } }, tidy };
  const { id } = await bench.start({ steps: { items: { use: 'flow.steps', each: { over: '["50ms", "600ms", "800ms"]' }, timeout: '400ms', steps } } });
  expect(states(await bench.ended(id))).toEqual({ items: 'failed' });
  const { rows } = await bench.databases.enginePool.query(
    `select s.state, count(*)::int from step_run s join run r on r.id = s.run_id where r.parent_id = $1 and s.step_id = 'tidy' group by 1`,
    [id],
  );
  expect(rows).toEqual([{ state: 'succeeded', count: 3 }]);
});

test('a step whose run below was cancelled with its own did not fail, though its worker has not heard of it', async () => {
  const { id } = await bench.start({
    steps: {
      // Keeps the run with its worker, which does not read its state anew.
      beside: act({}, { ms: 30_000 }),
      group: { use: 'flow.steps', steps: { inner: { use: 'flow.signal', with: { name: 'never' } } } },
      items: { use: 'flow.steps', each: { over: '[1, 2]', mayFail: 2 }, steps: { never: { use: 'flow.signal', with: { name: 'never' } } } },
      tidy: act({ on: 'always' }),
      sorry: act({ after: ['tidy', 'group', 'items'], on: 'failure' }),
    },
  });
  await bench.until(id, (run) => states(run)['group'] === 'waiting' && states(run)['items'] === 'waiting' && states(run)['beside'] === 'running');
  const { engine, databases } = bench;
  await inTransaction(databases.enginePool, async (client) => {
    const query = async (...[text, values]: [string, unknown[]?]) => (text.includes('pg_notify') ? { rows: [] } : client.query(text, values));
    await cancelRun({ query } as unknown as Runner, { queue: engine.queue, run: id, by: 'test', error: null });
  });
  await cancelBelow(databases.enginePool, { queue: engine.queue, run: id, by: 'test' });
  const ended = await bench.ended(id);
  expect([ended.state, states(ended)]).toEqual([
    'cancelled',
    { beside: 'cancelled', group: 'cancelled', items: 'cancelled', tidy: 'succeeded', sorry: 'skipped' },
  ]);
});
