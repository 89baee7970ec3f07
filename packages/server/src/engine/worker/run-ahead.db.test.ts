// Steps that are declared pure run ahead of the commit of those before them, and are recorded as if they had waited for it.
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { flowValue } from '@tidewheel/steps/flow/value.step';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench, testStep } from '../../testing/engine-bench.ts';

let bench: EngineBench;
let tries = 0;
/** How often steps ran by the flow's own counting. */
const begun: string[] = [];

beforeAll(async () => {
  const sum = testStep(
    'test.sum',
    async (config, ctx) => ({ value: Number(config['add']) + Object.values(ctx.inputs).reduce((all, { value }) => all + Number(value), 0) }),
    {
      pure: true,
    },
  );
  const flaky = testStep(
    'test.flaky',
    async () => {
      if (++tries % 3 !== 0) throw new Unreachable('test.flaky', `not yet (${tries})`);
      return { value: tries };
    },
    { pure: true },
  );
  const failing = testStep('test.fail', async () => Promise.reject(new InvalidInput('test.bad', 'it is bad')), { pure: true });
  const acts = async (_: unknown, ctx: { step: string }) => {
    begun.push(ctx.step);
    return { value: 1 };
  };
  bench = await startEngineBench({ steps: { 'test.act': acts }, types: [sum, flaky, failing, flowValue] });
});
afterAll(() => bench.close());

async function run(steps: Record<string, object>): Promise<Run> {
  const started = await bench.start({ steps });
  return bench.ended(started.id);
}

/** In which transaction each step was written. */
async function commitsOf(ended: Run): Promise<Map<string, string>> {
  const { rows } = await bench.databases.enginePool.query<{ step: string; commit: string }>(
    'select step_id as step, xmin::text as commit from step_run where run_id = $1',
    [ended.id],
  );
  return new Map(rows.map(({ step, commit }) => [step, commit]));
}

/** Nothing goes further ahead than some milliseconds: where the machine stalled for so long the line is run again. */
async function unstalled(steps: Record<string, object>, together: string[][]): Promise<{ ended: Run; commits: Map<string, string> }> {
  for (let left = 30; ; left--) {
    const ended = await run(steps);
    const commits = await commitsOf(ended);
    if (left === 0 || together.every((some) => new Set(some.map((step) => commits.get(step))).size === 1)) return { ended, commits };
  }
}

const sums = (count: number, first: object) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`s${at}`, { use: 'test.sum', with: { add: at }, ...(at === 0 ? first : { from: `s${at - 1}` }) }]),
  );

test('a line of them is one commit, each with its own value, times and event', async () => {
  const line = { ...sums(4, {}), last: { use: 'flow.value', after: 's3', with: { value: 'steps.s3.value + steps.s2.value' } } };
  const { ended, commits } = await unstalled(line, [Object.keys(line)]);
  expect(ended.steps.map(({ state, value, attempt }) => ({ state, value, attempt }))).toEqual(
    [0, 1, 3, 6, 9].map((value) => ({ state: 'succeeded', value, attempt: 1 })),
  );
  expect(new Set(commits.values()).size).toBe(1);
  const times = ended.steps.flatMap(({ startedAt, finishedAt }) => [startedAt ?? '', finishedAt ?? '']);
  expect(times).toEqual(times.toSorted());
  const events = await bench.events(ended.id);
  expect(events.filter(({ type }) => type === 'step.succeeded').map(({ step }) => step)).toEqual(['s0', 's1', 's2', 's3', 'last']);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)?.type).toBe('run.succeeded');
});

test('what acts begins when all before it is recorded, and is recorded before anything follows', async () => {
  const line = {
    ...sums(2, {}),
    act: { use: 'test.act', from: 's1' },
    after: { use: 'test.sum', from: 'act', with: { add: 1 } },
    more: { use: 'test.sum', from: 'after', with: { add: 1 } },
  };
  const { ended, commits } = await unstalled(line, [
    ['s0', 's1'],
    ['after', 'more'],
  ]);
  expect(ended.state).toBe('succeeded');
  expect(commits.get('s0')).toBe(commits.get('s1'));
  expect(new Set(['s1', 'act', 'after'].map((step) => commits.get(step))).size).toBe(3);
  expect(commits.get('more')).toBe(commits.get('after'));
  expect(new Set(begun)).toEqual(new Set(['act']));
});

test('one that fails is tried again by its policy, and fails its run when that is used up', async () => {
  const retry = { attempts: 3, delay: '10ms' };
  const tried = await run({ ...sums(2, {}), flaky: { use: 'test.flaky', from: 's1', retry }, end: { use: 'test.sum', from: 'flaky', with: { add: 0 } } });
  expect(tried.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  expect(tried.steps[2]?.attempt).toBeGreaterThan(1);
  const failed = await run({ ...sums(2, {}), bad: { use: 'test.fail', from: 's1' }, never: { use: 'test.sum', from: 'bad', with: { add: 0 } } });
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'test.bad' } });
  expect(failed.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'failed', 'skipped']);
});

test('a condition that is false skips, and so does what comes after', async () => {
  const ended = await run({
    ...sums(2, {}),
    not: { use: 'test.sum', from: 's1', when: 'steps.s1.value > 5', with: { add: 0 } },
    after: { use: 'test.sum', from: 'not', with: { add: 0 } },
  });
  expect(ended.state).toBe('succeeded');
  expect(ended.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'skipped', 'skipped']);
});

test('when Postgres refuses one of several results, the others are recorded and that one fails', async () => {
  const { address } = bench;
  const { default: pg } = await import('pg');
  const owner = new pg.Client({ connectionString: address.ownerUrl });
  await owner.connect();
  await owner.query(`alter table step_run add constraint refused check (step_id <> 'refused' or state <> 'succeeded')`);
  try {
    const ended = await run({
      ...sums(2, {}),
      refused: { use: 'test.sum', from: 's1', with: { add: 0 } },
      after: { use: 'test.sum', from: 'refused', with: { add: 0 } },
    });
    expect(ended.state).toBe('failed');
    expect(ended.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'failed', 'skipped']);
    expect(ended.steps[2]?.error?.code).toBe('step.refused');
  } finally {
    await owner.query('alter table step_run drop constraint refused');
    await owner.end();
  }
});
