// The ways a run can take, on real Postgres: branches and joins, error paths, undo, items, repetition, runs below runs, waits, limits.
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict } from '@tidewheel/contract/errors';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { shiftClock } from '../../testing/shifted-clock.ts';
import { planFlow } from '../flows/plan.ts';
import { cancelRun } from './cancel.ts';
import { inTransaction } from './claim.store.ts';
import { releaseParked } from './limit.store.ts';
import { runUnit, type UnitOptions } from './run-unit.ts';
import { readWait } from './wait.store.ts';

let bench: EngineBench;
const done: string[] = [];
const busy = new Map<string, number>();
let most = 0;

beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.do': async (config, ctx) => {
        done.push(`${ctx.run.id} ${String(config['name'] ?? ctx.step)}`);
        return { value: config['value'] ?? config['name'] ?? ctx.step };
      },
      'test.fail': async (config) => {
        throw new Conflict('test.failed', String(config['message'] ?? 'it fails'));
      },
      'test.sleep': async (config, ctx) => {
        await sleep(Number(config['ms']), undefined, { signal: ctx.signal });
        return {};
      },
      'test.busy': async (config, ctx) => {
        const key = String(config['key']);
        busy.set(key, (busy.get(key) ?? 0) + 1);
        most = Math.max(most, busy.get(key) ?? 0);
        await sleep(30, undefined, { signal: ctx.signal });
        busy.set(key, (busy.get(key) ?? 0) - 1);
        return { value: most };
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
const doneIn = (ended: { id: string }) => done.filter((line) => line.startsWith(ended.id)).map((line) => line.split(' ')[1]);

describe('branches', () => {
  test('if takes one branch, and a join that minds only what was taken goes on', async () => {
    const ended = await run({
      choose: { use: 'flow.if', with: { condition: '1 < 2' } },
      yes: { use: 'test.do', after: 'choose.then' },
      no: { use: 'test.do', after: 'choose.else' },
      further: { use: 'test.do', after: 'no' },
      join: { use: 'test.do', after: ['yes', 'further'], join: 'taken' },
      all: { use: 'test.do', after: ['yes', 'no'] },
    });
    expect(states(ended)).toEqual({ choose: 'succeeded', yes: 'succeeded', no: 'skipped', further: 'skipped', join: 'succeeded', all: 'skipped' });
    expect(ended.state).toBe('succeeded');
    expect(ended.steps[0]?.branches).toEqual(['then']);
    expect(ended.steps[2]?.reason).toBe('choose did not take the branch else');
  });

  test('switch takes the first case that is true, or all of them', async () => {
    const cases = { big: '5 > 10', mid: '5 > 3', small: '5 > 1' };
    const branchesOf = (id: string) =>
      Object.fromEntries(['big', 'mid', 'small', 'none'].map((name) => [`${id}${name}`, { use: 'test.do', after: `${id}.${name}` }]));
    const ended = await run({
      one: { use: 'flow.switch', with: { cases, otherwise: 'none' } },
      ...branchesOf('one'),
      many: { use: 'flow.switch', with: { cases, all: true, otherwise: 'none' } },
      ...branchesOf('many'),
    });
    expect(doneIn(ended).sort()).toEqual(['manymid', 'manysmall', 'onemid']);
  });

  test('any goes on with the first, N with so many, and neither waits for what it does not need', async () => {
    const started = await bench.start({
      steps: {
        a: { use: 'test.do' },
        b: { use: 'test.do' },
        never: { use: 'flow.signal', with: { name: 'never' } },
        any: { use: 'test.do', after: ['a', 'never'], join: 'any' },
        two: { use: 'test.do', after: ['a', 'b', 'never'], join: 2 },
      },
    });
    await bench.until(started.id, (now) => ['any', 'two'].every((id) => states(now)[id] === 'succeeded'));
    await bench.runs.cancelRun(bench.actor, started.id);
    const ended = await bench.ended(started.id);
    expect(states(ended)).toMatchObject({ any: 'succeeded', two: 'succeeded', never: 'cancelled' });
    const lost = await run({ x: { use: 'test.fail' }, y: { use: 'test.do' }, two: { use: 'test.do', after: ['x', 'y'], join: 2 } });
    expect(lost.steps[2]).toMatchObject({ state: 'skipped', reason: 'only 1 of the 2 steps that it needs succeeded' });
  });
});

describe('when something fails', () => {
  test('steps on failure and at the end run, and only then', async () => {
    const steps = (use: string) => ({
      work: { use },
      mend: { use: 'test.do', after: 'work', on: 'failure' },
      either: { use: 'test.do', after: 'work', on: 'always' },
      alarm: { use: 'test.do', on: 'failure' },
      clean: { use: 'test.do', on: 'always' },
      last: { use: 'test.do', after: 'clean' },
    });
    const failed = await run(steps('test.fail'));
    expect(failed.state).toBe('failed');
    expect(doneIn(failed).sort()).toEqual(['alarm', 'clean', 'either', 'last', 'mend']);
    const fine = await run(steps('test.do'));
    expect(fine.state).toBe('succeeded');
    expect(doneIn(fine).sort()).toEqual(['clean', 'either', 'last', 'work']);
    expect(states(fine)['alarm']).toBe('skipped');
  });

  test('a step that may fail does not fail the run', async () => {
    const ended = await run({ work: { use: 'test.fail', mayFail: true }, next: { use: 'test.do', after: 'work' } });
    expect([ended.state, ended.error, states(ended)]).toEqual(['succeeded', null, { work: 'failed', next: 'succeeded' }]);
  });

  test('what succeeded is undone, last first, and its steps say so', async () => {
    const undo = (name: string) => ({ use: 'test.do', with: { name: `undo-${name}-{{ string(steps.${name}.value) }}` } });
    const ended = await run({
      a: { use: 'test.do', undo: undo('a') },
      b: { use: 'test.do', after: 'a', undo: undo('b') },
      c: { use: 'test.fail', after: 'b', undo: undo('c') },
      clean: { use: 'test.do', on: 'always' },
    });
    expect(ended.state).toBe('failed');
    expect(
      doneIn(ended)
        .slice(-3)
        .map((name) => name?.split('-')[1] ?? name),
    ).toEqual(['b', 'a', 'clean']);
    expect(states(ended)).toEqual({ a: 'compensated', 'a.undo': 'succeeded', b: 'compensated', 'b.undo': 'succeeded', c: 'failed', clean: 'succeeded' });
    const undone = (await bench.events(ended.id)).filter(({ type }) => type === 'step.compensated');
    expect(undone.map(({ step, data }) => [step, data['by']])).toEqual([
      ['b', 'b.undo'],
      ['a', 'a.undo'],
    ]);
  });

  test('a cancelled run is cleaned up after; cancelled again it is not', async () => {
    const steps = {
      a: { use: 'test.do', undo: { use: 'test.do', with: { name: 'undone' } } },
      b: { use: 'flow.signal', after: 'a', with: { name: 'go' } },
      clean: { use: 'test.do', on: 'always' },
    };
    const started = await bench.start({ steps });
    await bench.until(started.id, (now) => states(now)['b'] === 'waiting');
    await bench.runs.cancelRun(bench.actor, started.id);
    const ended = await bench.ended(started.id);
    expect(ended.state).toBe('cancelled');
    expect(states(ended)).toMatchObject({ a: 'compensated', b: 'cancelled', clean: 'succeeded' });
    expect(doneIn(ended)).toEqual(['a', 'undone', 'clean']);
    const slow = await bench.start({ steps: { ...steps, clean: { use: 'test.sleep', on: 'always', with: { ms: 60_000 } } } });
    await bench.until(slow.id, (now) => states(now)['b'] === 'waiting');
    await bench.runs.cancelRun(bench.actor, slow.id);
    await bench.until(slow.id, (now) => states(now)['clean'] === 'running');
    await bench.runs.cancelRun(bench.actor, slow.id);
    expect((await bench.ended(slow.id)).state).toBe('cancelled');
  });
});

describe('runs below runs', () => {
  test('each item runs by itself, so many at once, and its results come back in order', async () => {
    const ended = await run({
      list: { use: 'flow.value', with: { value: '[3, 1, 2]' } },
      work: { use: 'flow.value', after: 'list', each: { over: 'steps.list.value', concurrency: 2 }, with: { value: 'item * 10 + index' } },
    });
    expect(ended.error).toBeNull();
    expect(ended.steps[1]?.value).toMatchObject({ total: 3, succeeded: 3, failed: 0, results: [30, 11, 22] });
    expect(ended.steps[1]?.children).toMatchObject({ succeeded: 3, running: 0 });
    const below = await bench.runs.listRuns(bench.actor, { parent: ended.id, step: 'work', limit: 10 });
    expect(below.items.map((child) => child.parent?.item).sort()).toEqual([0, 1, 2]);
  });

  test('three hundred items, and none at all', async () => {
    const ended = await run({
      many: { use: 'flow.value', each: { over: `[${Array.from({ length: 300 }, (_, n) => n).join()}]`, concurrency: 50 }, with: { value: 'item' } },
      none: { use: 'flow.value', each: { over: '[]' }, with: { value: 'item' } },
      after: { use: 'test.do', after: ['many', 'none'] },
    });
    expect(ended.state).toBe('succeeded');
    expect(ended.steps[0]?.value).toHaveProperty(
      'results',
      Array.from({ length: 300 }, (_, n) => n),
    );
    expect(ended.steps[1]?.value).toMatchObject({ total: 0, results: [] });
  });

  test('a failed item fails the step unless it may; stop begins no further ones', async () => {
    const work = { use: 'flow.if', with: { condition: 'item' } };
    const failing = { ...work, with: { condition: 'item > 0 || 1 / 0 == 1' } };
    const failed = await run({ work: { ...failing, each: { over: '[1, 0, 2]' } } });
    expect(failed.state).toBe('failed');
    expect(failed.error).toMatchObject({ code: 'children.failed', message: expect.stringContaining('1 of 3 items failed') });
    expect((await run({ work: { ...failing, each: { over: '[1, 0, 2]', mayFail: 1 } } })).state).toBe('succeeded');
    const stopped = await run({ work: { ...failing, each: { over: '[0, 1, 2]', concurrency: 1, onFailure: 'stop' } } });
    expect(stopped.steps[0]?.children).toMatchObject({ failed: 1, succeeded: 0 });
    const rolling = { over: '[1, 1, 0, 1, 1]', waves: [1, '40%'] };
    expect((await run({ work: { ...failing, each: rolling } })).steps[0]?.children).toMatchObject({ failed: 1, succeeded: 2 });
    expect((await run({ work: { ...failing, each: { ...rolling, mayFail: 1 } } })).steps[0]?.children).toMatchObject({ failed: 1, succeeded: 4 });
  });

  test('a group runs its steps for each item, and these see what is around them', async () => {
    const ended = await run(
      {
        base: { use: 'flow.value', with: { value: '100' } },
        groups: {
          use: 'flow.steps',
          after: 'base',
          each: { over: '[1, 2]' },
          steps: {
            first: { use: 'flow.value', with: { value: 'steps.base.value + item + extra' } },
            second: { use: 'flow.value', after: 'first', each: { over: '[10, 20]' }, with: { value: 'steps.first.value + item' } },
            sum: { use: 'flow.value', after: 'second', with: { value: 'steps.second.value.results' } },
          },
        },
      },
      { parameters: { extra: { type: 'integer', default: 1000 } } },
    );
    expect(ended.error).toBeNull();
    expect(ended.steps[1]?.value).toHaveProperty('results', [
      [1111, 1121],
      [1112, 1122],
    ]);
  });

  test('repeats until its condition is true, and gives up', async () => {
    const ended = await run({ count: { use: 'flow.value', repeat: { until: 'last >= 3' }, with: { value: 'iteration + 1' } } });
    expect(ended.steps[0]?.value).toEqual({ times: 3, last: 3 });
    const endless = await run({ count: { use: 'flow.value', repeat: { until: 'false', most: 3 }, with: { value: 'iteration' } } });
    expect(endless.error?.code).toBe('repeat.endless');
  });

  test('another flow takes parameters and gives outputs; its failure is told', async () => {
    const inner = await bench.apply({
      parameters: { a: { type: 'integer' } },
      steps: { x: { use: 'flow.value', with: { value: 'a * 2' } } },
      outputs: { double: { value: 'steps.x.value', type: 'integer' } },
    });
    const ended = await run({ sub: { use: 'flow.run', with: { flow: inner, parameters: { a: 21 } } } });
    expect(ended.steps[0]?.value).toEqual({ double: 42 });
    const wrong = await run({ sub: { use: 'flow.run', with: { flow: inner, parameters: { b: 1 } } } });
    expect(wrong.error?.code).toBe('run.parameters');
    const bad = await bench.apply({ steps: { x: { use: 'test.fail', with: { message: 'inside' } } } });
    const failed = await run({ sub: { use: 'flow.run', with: { flow: bad } } });
    expect(failed.error).toMatchObject({ code: 'test.failed', message: expect.stringContaining('inside') });
    const late = await bench.apply({ timeout: '100ms', steps: { never: { use: 'flow.signal', with: { name: 'never' } } } });
    const waited = await run({ sub: { use: 'flow.run', with: { flow: late } } });
    expect(waited.steps[0]?.error).toMatchObject({ code: 'run.timeout', message: expect.stringContaining('the time limit of its flow, 100ms') });
    const itself = await bench.start({ steps: { sub: { use: 'flow.run', with: { flow: bad, wait: false } } } });
    expect((await bench.ended(itself.id)).steps[0]?.value).toMatchObject({ number: expect.any(Number) });
  });

  test('a flow that runs itself ends at the limit of depth', async () => {
    await bench.apply({ flow: 'self', steps: { again: { use: 'flow.run', with: { flow: 'self' } } } });
    const started = await bench.runs.startRun(bench.actor, { slug: 'self', parameters: {} });
    const ended = await bench.ended(started.id);
    expect(ended.error).toMatchObject({ code: 'run.too_deep' });
  });

  test('steps decided on while it runs', async () => {
    const ended = await run({
      decide: {
        use: 'test.do',
        with: {
          value: { steps: { a: { use: 'flow.value', with: { value: '7' } }, b: { use: 'flow.value', after: 'a', with: { value: 'steps.a.value + 1' } } } },
        },
      },
      made: { use: 'flow.plan', after: 'decide', with: { steps: 'steps.decide.value.steps' } },
    });
    expect(ended.error).toBeNull();
    expect(ended.steps[1]?.value).toBe(8);
    const bad = await run({ made: { use: 'flow.plan', with: { steps: '{"a": {"use": "no.such"}}' } } });
    expect(bad.state).toBe('failed');
  });

  test('cancelling a run cancels what is below it, at any depth', async () => {
    const started = await bench.start({
      steps: {
        outer: {
          use: 'flow.steps',
          each: { over: '[1, 2]' },
          steps: {
            undone: { use: 'test.do', undo: { use: 'test.do', with: { name: 'inner-undo' } } },
            inner: { use: 'flow.steps', after: 'undone', steps: { wait: { use: 'test.sleep', with: { ms: 60_000 } } } },
          },
        },
      },
    });
    await expect.poll(async () => (await below(started.id)).filter((child) => child.state === 'running').length).toBe(2);
    await expect
      .poll(async () => (await Promise.all((await below(started.id)).map((child) => below(child.id)))).flat().filter(({ state }) => state === 'running').length)
      .toBe(2);
    await bench.runs.cancelRun(bench.actor, started.id);
    expect((await bench.ended(started.id)).state).toBe('cancelled');
    const children = await below(started.id);
    expect(children.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(children.flatMap((child) => doneIn(child)).filter((name) => name === 'inner-undo')).toHaveLength(2);
  });
});

test('a run whose items wait is cancelled with all of them', async () => {
  const started = await bench.start({
    steps: {
      each: { use: 'flow.signal', each: { over: '[1, 2, 3, 4, 5, 6, 7, 8]', concurrency: 8 }, with: { name: 'never' } },
      clean: { use: 'test.do', on: 'always' },
    },
  });
  await expect.poll(async () => (await below(started.id)).filter(({ state }) => state === 'running').length).toBe(8);
  await bench.runs.cancelRun(bench.actor, started.id);
  expect(await bench.ended(started.id)).toMatchObject({ state: 'cancelled', steps: [{ state: 'cancelled' }, { state: 'succeeded' }] });
  expect((await below(started.id)).map(({ state }) => state)).toEqual(Array(8).fill('cancelled'));
});

const below = async (id: string) => (await bench.runs.listRuns(bench.actor, { parent: id, limit: 50 })).items;

describe('waiting and sharing', () => {
  test('sleeps without holding anything', async () => {
    const started = await bench.start({ steps: { nap: { use: 'flow.sleep', with: { for: '700ms' } }, next: { use: 'test.do', after: 'nap' } } });
    const waiting = await bench.until(started.id, (now) => states(now)['nap'] === 'waiting');
    expect(waiting.steps[0]?.wait).toMatchObject({ kind: 'timer' });
    expect((await bench.ended(started.id)).state).toBe('succeeded');
  });

  test('a wait ends with the time limit of its step', async () => {
    const ended = await run({ wait: { use: 'flow.signal', timeout: '300ms', with: { name: 'never' } } });
    expect(ended.error?.code).toBe('step.timeout');
    const missed = await run({ wait: { use: 'flow.signal', with: { name: 'never', within: '300ms' } } });
    expect(missed.error?.code).toBe('signal.missing');
  });

  test('never more steps with one key at once than it has slots', async () => {
    most = 0;
    const steps = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`s${n}`, { use: 'test.busy', with: { key: 'k' }, limit: { key: 'shared', slots: 3 } }]),
    );
    const ended = await run(steps);
    expect(ended.state).toBe('succeeded');
    expect(most).toBe(3);
    const { rows } = await bench.databases.enginePool.query(
      'select (select count(*) from slot)::int as slots, (select count(*) from parked_job)::int as parked',
    );
    expect(rows[0]).toEqual({ slots: 0, parked: 0 });
  });

  test('very many that wait for another slot as well keep nobody from one that is free', async () => {
    const { id } = await run({ a: { use: 'test.do' } });
    const { workspaceId: workspace } = bench.actor;
    const client = await bench.databases.enginePool.connect();
    try {
      await client.query('begin');
      const park = (units: number, { priority, keys }: { priority: number; keys: string[] }) =>
        client.query(
          `insert into parked_job (workspace_id, id, run_id, unit, attempt, tag, priority, why, keys, slots)
           select $1, gen_random_uuid(), $2, $4 || n, 1, 'default', $3, 'slot', $5, $6 from generate_series(1, $7) n`,
          [workspace, id, priority, keys.join('+'), keys, keys.map(() => 1), units],
        );
      await park(450, { priority: 1, keys: ['free', 'full'] });
      await park(1, { priority: 0, keys: ['free'] });
      await client.query(`insert into slot (workspace_id, key, job_id, run_id, unit) values ($1, 'full', gen_random_uuid(), $2, 'a')`, [workspace, id]);
      const released = await releaseParked(client, { workspace, keys: ['free'] });
      expect(released.map(({ unit }) => unit)).toEqual(['free1']);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('limits of waits go by the clock of the database, whatever that of the worker says', async () => {
    const True = globalThis.Date;
    shiftClock(3_600_000);
    try {
      const never = { use: 'flow.signal', with: { name: 'never' } };
      const ended = await run({
        nap: { use: 'flow.sleep', with: { for: '100ms' } },
        later: { use: 'flow.sleep', with: { until: new True(True.now() + 700).toISOString() } },
        within: { use: 'flow.signal', with: { name: 'never', within: '100ms' } },
        limited: { ...never, timeout: '100ms' },
        group: { use: 'flow.steps', timeout: '100ms', steps: { inner: never } },
      });
      expect(states(ended)).toEqual({ nap: 'succeeded', later: 'succeeded', within: 'failed', limited: 'failed', group: 'failed' });
      const later = (await bench.events(ended.id)).filter(({ step }) => step === 'later').map(({ type }) => type);
      expect(later).toContain('step.waiting');
    } finally {
      globalThis.Date = True;
    }
  });

  test('a rate lets so many begin in a time', async () => {
    const steps = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`s${n}`, { use: 'test.do', limit: { key: 'rated', rate: '3/600ms' } }]));
    const ended = await run(steps);
    const began = ended.steps.map((step) => Date.parse(step.startedAt ?? '')).sort((a, b) => a - b);
    expect((began[5] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(550);
  });

  test('runs of a flow that may not overlap go one after another', async () => {
    const slug = await bench.apply({ overlap: { policy: 'queue' }, steps: { wait: { use: 'test.busy', with: { key: 'overlap' } } } });
    const started = await Promise.all(Array.from({ length: 5 }, () => bench.runs.startRun(bench.actor, { slug, parameters: {} })));
    expect(started.filter(({ held }) => held)).toHaveLength(4);
    const ended = await Promise.all(started.map(({ id }) => bench.ended(id)));
    expect(ended.map(({ state }) => state)).toEqual(Array(5).fill('succeeded'));
    const spans = ended
      .map(({ startedAt, finishedAt }) => [Date.parse(startedAt ?? ''), Date.parse(finishedAt ?? '')])
      .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    for (let at = 1; at < spans.length; at++) expect(spans[at]?.[0]).toBeGreaterThanOrEqual(spans[at - 1]?.[1] ?? 0);
  });

  test('skips, or cancels what ran before', async () => {
    const steps = { wait: { use: 'flow.signal', with: { name: 'go' } } };
    const skip = await bench.apply({ overlap: { policy: 'skip' }, steps });
    const first = await bench.runs.startRun(bench.actor, { slug: skip, parameters: {} });
    await expect(bench.runs.startRun(bench.actor, { slug: skip, parameters: {} })).rejects.toMatchObject({ code: 'run.overlap' });
    await bench.runs.cancelRun(bench.actor, first.id);
    const replace = await bench.apply({ overlap: { policy: 'cancelPrevious' }, steps });
    const old = await bench.runs.startRun(bench.actor, { slug: replace, parameters: {} });
    await bench.until(old.id, (now) => states(now)['wait'] === 'waiting');
    const next = await bench.runs.startRun(bench.actor, { slug: replace, parameters: {} });
    expect((await bench.ended(old.id)).state).toBe('cancelled');
    await bench.until(next.id, (now) => states(now)['wait'] === 'waiting');
    await bench.runs.cancelRun(bench.actor, next.id);
  });

  test('who asks again with his key, for the answer was lost, gets the run that he started', async () => {
    const steps = { wait: { use: 'flow.signal', with: { name: 'go' } } };
    const { actor, runs, engine } = bench;
    const skip = { slug: await bench.apply({ overlap: { policy: 'skip' }, steps }), parameters: {}, idempotencyKey: 'once' };
    const first = await runs.startRun(actor, skip);
    expect((await runs.startRun(actor, skip)).id).toBe(first.id);
    await runs.cancelRun(actor, first.id);
    const replace = { slug: await bench.apply({ overlap: { policy: 'cancelPrevious' }, steps }), parameters: {} };
    const old = await runs.startRun(actor, replace);
    // Whoever starts the next one ends before it comes to cancelling.
    const { starter } = engine.operations;
    const flow = await starter.find(actor, replace.slug);
    const prepared = starter.prepare(actor, { ...flow, parameters: {}, now: new Date(), idempotencyKey: 'next', rerunOf: null });
    expect(await starter.add(prepared)).toMatchObject({ held: true });
    expect((await runs.startRun(actor, { ...replace, idempotencyKey: 'next' })).id).toBe(prepared.run.id);
    expect((await bench.ended(old.id)).state).toBe('cancelled');
    await runs.cancelRun(actor, prepared.run.id);
  });

  test('those in front of a run that replaces them are cancelled, though whoever started it ended before that', async () => {
    const { actor, runs, engine } = bench;
    const slug = await bench.apply({ overlap: { policy: 'cancelPrevious' }, steps: { wait: { use: 'flow.signal', with: { name: 'go' } } } });
    const old = await runs.startRun(actor, { slug, parameters: {} });
    const { starter } = engine.operations;
    const flow = await starter.find(actor, slug);
    const prepared = starter.prepare(actor, { ...flow, parameters: {}, now: new Date(), idempotencyKey: null, rerunOf: null });
    expect(await starter.add(prepared)).toMatchObject({ held: true });
    expect((await bench.ended(old.id)).state).toBe('cancelled');
    await bench.until(prepared.run.id, (now) => states(now)['wait'] === 'waiting');
    await runs.cancelRun(actor, prepared.run.id);
  });
});

test('what is below a run that is being cancelled ends with it, though whoever cancels it ended before that', async () => {
  const { databases, engine } = bench;
  const steps = { items: { use: 'flow.steps', each: { over: '[1, 2]' }, steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } } };
  const { id } = await bench.start({ steps });
  await bench.until(id, (now) => states(now)['items'] === 'waiting');
  await inTransaction(databases.enginePool, (client) => cancelRun(client, { queue: engine.queue, run: id, by: 'test', error: null }));
  // Whoever cancels has some seconds for it.
  await databases.enginePool.query(`update run set cancelling_at = now() - interval '1 minute' where id = $1`, [id]);
  expect((await bench.ended(id)).state).toBe('cancelled');
  // Those below may end a moment after it.
  const below = () => databases.enginePool.query('select distinct state from run where parent_id = $1', [id]);
  await expect.poll(async () => (await below()).rows).toEqual([{ state: 'cancelled' }]);
});

test('a look at the runs below a step that takes longer than its time limit does not end it over their heads', async () => {
  const { databases, engine } = bench;
  const { id } = await bench.start({ steps: { group: { use: 'flow.steps', steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } } } });
  await expect.poll(async () => (await bench.runs.listRuns(bench.actor, { parent: id, limit: 10 })).items.length).toBe(1);
  const wait = await readWait(databases.enginePool, { run: id, step: 'group' });
  const slowly = async (...given: Parameters<typeof databases.enginePool.query>) => {
    await sleep(60);
    return databases.enginePool.query(...given);
  };
  const document = FlowDocument.parse({
    flow: 'f',
    title: 'f',
    steps: { group: { use: 'flow.steps', timeout: '20ms', steps: { wait: { use: 'flow.signal' } } } },
  });
  const plan = planFlow(document, bench.types);
  const live = { id, plan, cancel: new AbortController(), force: new AbortController() };
  const looked = await runUnit({
    lease: { live, job: { lost: 0 }, tried: 1 },
    unit: plan.units.get('group'),
    wait,
    services: { pool: { query: slowly }, queue: engine.queue },
    add: () => {},
  } as unknown as UnitOptions);
  expect(looked).toMatchObject({ steps: [], waiting: 'the run below it is not over' });
  await bench.runs.cancelRun(bench.actor, id);
});
