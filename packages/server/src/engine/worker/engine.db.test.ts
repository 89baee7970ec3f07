// The engine on real Postgres: chains, branches, joins, retries, timeouts, cancellation, refusal of odd results.

import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import type { Run } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { listLogs } from '../runs/run-logs.service.ts';

let bench: EngineBench;
const tried = new Map<string, number>();

beforeAll(async () => {
  bench = await startEngineBench({
    steps: {
      'test.echo': async (config, ctx) => ({
        value: { ...config, from: Object.fromEntries(Object.entries(ctx.inputs).map(([name, input]) => [name, input.value])) },
      }),
      'test.fail': async () => {
        throw new InvalidInput('test.bad', 'it is bad', { hint: 'make it good' });
      },
      'test.flaky': async (config, ctx) => {
        const times = (tried.get(ctx.idempotencyKey) ?? 0) + 1;
        tried.set(ctx.idempotencyKey, times);
        if (times < Number(config['succeedOn'])) throw new Unreachable('test.flaky', `not yet (${times})`);
        return { value: { times, attempt: ctx.attempt } };
      },
      'test.sleep': async (config, ctx) => {
        await sleep(Number(config['ms']), undefined, { signal: ctx.signal });
        return {};
      },
      'test.stubborn': async () => new Promise(() => {}),
      'test.odd': async () => ({ value: { text: 'a\u0000b', lone: '\ud800' } }),
      'test.big': async () => ({ value: 'x'.repeat(70_000) }),
      'test.once': async (config, ctx) => {
        const first = await ctx.once('first', async () => ({ at: Math.random() }));
        const again = await ctx.once('first', async () => ({ at: Math.random() }));
        return { value: { same: first.at === again.at, config } };
      },
      'test.log': async (config, ctx) => {
        for (let line = 0; line < Number(config['lines']); line++) ctx.log.info(`line ${line}`);
        return {};
      },
    },
  });
});
afterAll(() => bench.close());

async function run(steps: Record<string, object>, more: object = {}): Promise<Run> {
  const started = await bench.start({ steps, ...more });
  return bench.ended(started.id);
}
const states = (ended: Run) => Object.fromEntries(ended.steps.map((step) => [step.step, step.state]));

test('a chain hands values on and records one gapless series of events', async () => {
  const ended = await run({ a: { use: 'test.echo', with: { x: 1 } }, b: { use: 'test.echo', from: 'a' }, c: { use: 'test.echo', from: 'b' } });
  expect(ended.state).toBe('succeeded');
  expect(ended.steps[2]?.value).toEqual({ from: { input: { from: { input: { x: 1, from: {} } } } } });
  const events = await bench.events(ended.id);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => event.type === 'step.succeeded').map((event) => event.step)).toEqual(['a', 'b', 'c']);
  expect(events.at(-1)?.type).toBe('run.succeeded');
});

test('branches run in parallel and a join waits for all of them', async () => {
  const ended = await run({
    start: { use: 'test.echo' },
    left: { use: 'test.sleep', after: 'start', with: { ms: 150 } },
    right: { use: 'test.echo', from: 'start' },
    join: { use: 'test.echo', from: 'right', after: 'left' },
  });
  expect(states(ended)).toEqual({ start: 'succeeded', left: 'succeeded', right: 'succeeded', join: 'succeeded' });
  const [, left, , join] = ended.steps;
  expect(Date.parse(join?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(left?.finishedAt ?? ''));
});

test('forty branches that join lose nothing and run each step once', async () => {
  const branches = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`b${n}`, { use: 'test.echo', after: 'start' }]));
  const ended = await run({ start: { use: 'test.echo' }, ...branches, join: { use: 'test.echo', after: Object.keys(branches) } });
  expect(ended.state).toBe('succeeded');
  const done = (await bench.events(ended.id)).filter((event) => event.type === 'step.succeeded');
  expect(done).toHaveLength(42);
});

test('a failed step fails the run, skips what depends on it and lets other branches finish', async () => {
  const ended = await run({
    bad: { use: 'test.fail' },
    next: { use: 'test.echo', from: 'bad' },
    last: { use: 'test.echo', after: 'next' },
    other: { use: 'test.sleep', with: { ms: 50 } },
  });
  expect(states(ended)).toEqual({ bad: 'failed', next: 'skipped', last: 'skipped', other: 'succeeded' });
  expect(ended.state).toBe('failed');
  expect(ended.error).toMatchObject({ code: 'test.bad', hint: 'make it good' });
  expect(ended.steps[1]?.reason).toBe('bad failed');
});

test('a retryable failure is tried again with backoff, a final one is not', async () => {
  const retry = { attempts: 3, delay: '50ms' };
  const ended = await run({ flaky: { use: 'test.flaky', with: { succeedOn: 3 }, retry }, bad: { use: 'test.fail', retry } });
  expect(ended.steps[0]).toMatchObject({ state: 'succeeded', attempt: 3, value: { times: 3, attempt: 3 } });
  expect(ended.steps[1]).toMatchObject({ state: 'failed', attempt: 1 });
  const types = (await bench.events(ended.id)).filter((event) => event.step === 'flaky').map((event) => event.type);
  expect(types.filter((type) => type === 'step.retrying')).toHaveLength(2);
});

test('a retry that is used up fails with the last error', async () => {
  const ended = await run({ flaky: { use: 'test.flaky', with: { succeedOn: 9 }, retry: { attempts: 2, delay: '20ms' } } });
  expect(ended.steps[0]).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'test.flaky' } });
});

test('a step over its time limit fails and says so, even when it ignores its signal', async () => {
  const ended = await run({ slow: { use: 'test.sleep', with: { ms: 60_000 }, timeout: '100ms' }, deaf: { use: 'test.stubborn', timeout: '100ms' } });
  expect(ended.steps.map((step) => step.error?.code)).toEqual(['step.timeout', 'step.timeout']);
});

test('cancelling ends what runs and never starts the rest', async () => {
  const started = await bench.start({ steps: { slow: { use: 'test.sleep', with: { ms: 60_000 } }, next: { use: 'test.echo', from: 'slow' } } });
  await bench.until(started.id, (now) => now.steps[0]?.state === 'running');
  await bench.runs.cancelRun(bench.actor, started.id);
  const ended = await bench.ended(started.id);
  expect(ended.state).toBe('cancelled');
  expect(states(ended)).toEqual({ slow: 'cancelled', next: 'cancelled' });
  await expect(bench.runs.cancelRun(bench.actor, started.id)).rejects.toMatchObject({ code: 'run.ended' });
});

test('a run over its time limit is cancelled with the reason', async () => {
  const ended = await run({ slow: { use: 'test.sleep', with: { ms: 60_000 } } }, { timeout: '300ms' });
  expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'run.timeout' } });
});

test('a false condition skips a step and what depends on it', async () => {
  const ended = await run({
    a: { use: 'test.echo' },
    b: { use: 'test.echo', after: 'a', when: 'steps.a.state == "failed"' },
    c: { use: 'test.echo', from: 'b' },
  });
  expect(states(ended)).toEqual({ a: 'succeeded', b: 'skipped', c: 'skipped' });
  expect(ended.state).toBe('succeeded');
});

test('what Postgres refuses in text is stored all the same, and hurts no other run', async () => {
  const [odd, fine] = await Promise.all([run({ odd: { use: 'test.odd' } }), run({ fine: { use: 'test.echo' } })]);
  expect(odd.steps[0]?.value).toEqual({ text: 'a\uFFFDb', lone: '\uFFFD' });
  expect(fine.state).toBe('succeeded');
});

test('a value over 64 KB is refused with what to do instead', async () => {
  const ended = await run({ big: { use: 'test.big' } });
  expect(ended.steps[0]?.error).toMatchObject({ code: 'step.value_too_large', hint: expect.stringContaining('file or a table') });
});

test('a durable sub-step runs once', async () => {
  const ended = await run({ once: { use: 'test.once' } });
  expect(ended.steps[0]?.value).toMatchObject({ same: true });
});

test('log lines keep their order without gaps', async () => {
  const ended = await run({ log: { use: 'test.log', with: { lines: 500 } } });
  const lines = await listLogs(bench, bench.actor, { run: ended.id, after: 0, limit: 1_000 });
  expect(lines.map((line) => line.text)).toEqual(Array.from({ length: 500 }, (_, n) => `line ${n}`));
  expect(lines.map((line) => line.seq)).toEqual(lines.map((_, index) => index + 1));
});

test('the same idempotency key starts one run', async () => {
  const slug = await bench.apply({ steps: { a: { use: 'test.echo' } } });
  const both = await Promise.all([1, 2, 3].map(() => bench.runs.startRun(bench.actor, { slug, parameters: {}, idempotencyKey: 'k' })));
  expect(new Set(both.map((one) => one.id)).size).toBe(1);
});

// Regression: a branch claimed while the run's only other lease ended was dropped, and the run stood still for ever.
test('branches that are claimed while others of their run end are not forgotten', async () => {
  const diamond = (ms: number) => ({
    steps: {
      a: { use: 'test.echo' },
      b: { use: 'test.sleep', from: 'a', with: { ms } },
      c: { use: 'test.echo', from: 'a' },
      d: { use: 'test.echo', from: 'b', after: 'c' },
    },
  });
  const slugs = await Promise.all([0, 1, 2, 3, 4, 6, 8, 12].map((ms) => bench.apply(diamond(ms))));
  const ended: Run[] = [];
  for (let wave = 0; wave < 6; wave++) {
    const started = await Promise.all(
      Array.from({ length: 120 }, (_, n) => bench.runs.startRun(bench.actor, { slug: slugs[n % slugs.length] ?? '', parameters: {} })),
    );
    for (const { id } of started) ended.push(await bench.ended(id));
  }
  expect(ended.filter((one) => one.state !== 'succeeded')).toEqual([]);
});

// Regression: both leases wrote their rows in one statement, Postgres refused it, and the run failed for nothing.
test('a step that was queued twice has one result, also when one worker holds both', async () => {
  // The first job is for a worker that is not there, so both others are claimed together.
  const slug = await bench.apply({ steps: { a: { use: 'test.sleep', with: { ms: 50 }, worker: 'elsewhere' } } });
  const { id } = await bench.runs.startRun(bench.actor, { slug, parameters: {} });
  const job = { workspace: bench.actor.workspaceId as string, run: id, unit: 'a', attempt: 1, tag: 'default', priority: 0 };
  const client = await bench.databases.enginePool.connect();
  try {
    await client.query('begin');
    await bench.engine.queue.enqueue(client, [job, job]);
    await client.query('commit');
  } finally {
    client.release();
  }
  expect(await bench.ended(id)).toMatchObject({ state: 'succeeded', error: null });
  const events = await bench.events(id);
  expect(events.filter(({ type }) => type === 'step.succeeded')).toHaveLength(1);
  await expect.poll(async () => (await bench.databases.enginePool.query('select 1 from lease')).rows).toEqual([]);
  await bench.databases.enginePool.query(`delete from pgboss.job where data->>'run' = $1`, [id]);
});

test('three hundred runs at once all end, each with each step once', async () => {
  const slug = await bench.apply({ steps: { a: { use: 'test.echo' }, b: { use: 'test.echo', from: 'a' }, c: { use: 'test.echo', from: 'b' } } });
  const started = await Promise.all(Array.from({ length: 300 }, () => bench.runs.startRun(bench.actor, { slug, parameters: {} })));
  const ended: Run[] = [];
  for (const { id } of started) ended.push(await bench.ended(id));
  expect(ended.filter((one) => one.state !== 'succeeded')).toEqual([]);
  const { rows } = await bench.databases.enginePool.query(
    `select run_id, step_id from run_event where type = 'step.succeeded' and run_id = any($1) group by 1, 2 having count(*) <> 1`,
    [started.map(({ id }) => id)],
  );
  expect(rows).toEqual([]);
  const { rows: left } = await bench.databases.enginePool.query(
    `select (select count(*) from lease) as leases, (select count(*) from pgboss.job where state < 'completed') as jobs`,
  );
  expect(left).toEqual([{ leases: 0, jobs: 0 }]);
});
