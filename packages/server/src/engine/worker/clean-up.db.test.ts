// What runs at the end of a run and after its cancellation. Each of these was found by the crash campaign.
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

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
