// A step that waits, or has runs below it, and is tried again: each attempt waits for its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

let bench: EngineBench;
let begun = 0;

beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.broken': async () => {
        throw new InvalidInput('test.broken', 'broken');
      },
      'test.slow_once': async (_, ctx) => {
        if (begun++ === 0) await sleep(60_000, undefined, { signal: ctx.signal });
        return { value: 7 };
      },
    },
  });
});
afterAll(() => bench.close());

const retry = { attempts: 3, delay: '20ms', on: ['test.*', 'step.*', 'children.*', 'signal.*'] };

/** What is told of a step, and in which attempt. */
async function told(steps: Record<string, object>, step: string): Promise<{ run: Run; events: string[] }> {
  const { id } = await bench.start({ steps });
  const run = await bench.ended(id);
  const events = (await bench.events(id)).filter((event) => event.step === step && !['step.progressed', 'step.resumed'].includes(event.type));
  return { run, events: events.map(({ type, data }) => `${type} ${(data as { attempt?: number }).attempt}`) };
}

const threeTimes = [
  'step.started 1',
  'step.waiting 1',
  'step.retrying 1',
  'step.started 2',
  'step.waiting 2',
  'step.retrying 2',
  'step.started 3',
  'step.waiting 3',
  'step.failed 3',
];

test('a group for each item is tried as often as it says, each time with runs of its own', async () => {
  const { run, events } = await told(
    { all: { use: 'flow.steps', steps: { one: { use: 'test.broken' } }, each: { over: '[1, 2]', concurrency: 2 }, retry } },
    'all',
  );
  expect(run.state).toBe('failed');
  expect(events).toEqual(threeTimes);
  const { rows } = await bench.databases.enginePool.query('select parent_attempt::int, count(*)::int from run where parent_id = $1 group by 1 order by 1', [
    run.id,
  ]);
  expect(rows).toEqual([1, 2, 3].map((attempt) => ({ parent_attempt: attempt, count: 2 })));
});

test('a wait that ran out of time waits as long again', async () => {
  const { events } = await told({ wait: { use: 'flow.signal', with: { name: 'never', within: '50ms' }, retry } }, 'wait');
  expect(events).toEqual(threeTimes);
});

test('the time limit of a group is that of one attempt', async () => {
  const { run, events } = await told({ group: { use: 'flow.steps', steps: { slow: { use: 'test.slow_once' } }, timeout: '3s', retry } }, 'group');
  expect(run).toMatchObject({ state: 'succeeded' });
  expect(events).toEqual(['step.started 1', 'step.waiting 1', 'step.retrying 1', 'step.started 2', 'step.waiting 2', 'step.succeeded 2']);
});
