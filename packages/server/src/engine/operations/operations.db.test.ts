// What is done to runs, on real Postgres with a real worker: pause and resume, run again from somewhere, dry runs, test data, start options.
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import type { Rerun } from '@tidewheel/contract/routes/run-operations';
import type { Run } from '@tidewheel/contract/run';
import type { StepContext } from '@tidewheel/kit/step-context';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { park } from '../worker/park.store.ts';
import { belowToo, pauseRun, resumeRun, sortPaused } from '../worker/pause.ts';
import { pause, resume } from './pause.service.ts';
import { previewRerun, rerun } from './rerun.service.ts';

let bench: EngineBench;
let folder: string;
const done: string[] = [];
/** Steps that fail when their key is in here. */
const broken = new Set<string>();
const open = new Map<string, () => void>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-operations-'));
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.do': async (config, ctx) => {
        const name = nameOf(config, ctx);
        if (broken.has(name)) throw new Conflict('test.failed', `${name} is broken`);
        done.push(`${ctx.run.id} ${name}`);
        return { value: config['value'] ?? name };
      },
      'test.gate': async (config, ctx) => {
        await new Promise<void>((resolve) => void open.set(nameOf(config, ctx), resolve));
        return {};
      },
    },
    connections: async () => ({
      open: async (_, slug) => ({ slug, type: 'folder', config: { root: folder }, secret: null, release: () => {} }),
      list: async () => [{ slug: 'out', type: 'folder', folder: null }],
    }),
  });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

/** `expression`: CEL, as steps with fields for it have. */
function nameOf(config: Record<string, unknown>, ctx: StepContext): string {
  return String(config['expression'] === undefined ? (config['name'] ?? ctx.step) : ctx.evaluate(String(config['expression'])));
}
const states = (run: Run) => Object.fromEntries(run.steps.map((step) => [step.step, step.state]));
const doneIn = (id: string) =>
  done
    .filter((line) => line.startsWith(id))
    .map((line) => line.split(' ')[1])
    .sort();
const again = (id: string, asked: Partial<Rerun> = {}) => rerun(bench.engine.operations, bench.actor, { id, parameters: {}, ...asked });
const preview = (id: string, asked: Partial<Rerun> = {}) => previewRerun(bench.engine.operations, bench.actor, { id, parameters: {}, ...asked });
const below = async (id: string) => (await bench.runs.listRuns(bench.actor, { parent: id, limit: 200 })).items;
async function run(steps: Record<string, object>, more: object = {}): Promise<Run> {
  return bench.ended((await bench.start({ steps, ...more })).id);
}
async function opened(name: string): Promise<void> {
  await expect.poll(() => open.has(name)).toBe(true);
}

describe('pause and resume', () => {
  const hold = (id: string) => pause(bench.engine.operations, bench.actor, id);
  const goOn = (id: string) => resume(bench.engine.operations, bench.actor, id);

  test('what runs ends, nothing further begins, and it goes on where it stood', async () => {
    const { id } = await bench.start({ steps: { first: { use: 'test.gate', with: { name: 'p1' } }, second: { use: 'test.do', after: 'first' } } });
    await opened('p1');
    await bench.until(id, (now) => now.state === 'running');
    expect(await hold(id)).toMatchObject({ state: 'running', pausedAt: expect.any(String) });
    expect(await hold(id)).toMatchObject({ pausedAt: expect.any(String) });
    open.get('p1')?.();
    await bench.until(id, (now) => states(now)['first'] === 'succeeded');
    expect(states(await bench.runs.showRun(bench.actor, id))).toEqual({ first: 'succeeded', second: 'ready' });
    expect(await goOn(id)).toMatchObject({ pausedAt: null });
    expect((await bench.ended(id)).state).toBe('succeeded');
    const told = (await bench.events(id)).map(({ type }) => type).filter((type) => type.startsWith('run.'));
    expect(told).toEqual(['run.queued', 'run.started', 'run.paused', 'run.resumed', 'run.succeeded']);
  });

  test('everything below it too, with items that had not begun, and a cancelled one ends', async () => {
    const steps = { work: { use: 'test.gate', each: { over: '[1, 2, 3]', concurrency: 1 }, with: { expression: '"below-" + string(item)' } } };
    const { id } = await bench.start({ steps });
    await opened('below-1');
    await hold(id);
    expect((await below(id)).map((child) => child.pausedAt !== null)).toEqual([true]);
    open.get('below-1')?.();
    await expect.poll(async () => (await below(id))[0]?.state).toBe('succeeded');
    expect(await below(id)).toHaveLength(1);
    await goOn(id);
    await opened('below-2');
    open.get('below-2')?.();
    await opened('below-3');
    open.get('below-3')?.();
    expect((await bench.ended(id)).state).toBe('succeeded');
    const other = await bench.start({ steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } });
    await bench.until(other.id, (now) => states(now)['wait'] === 'waiting');
    await hold(other.id);
    await bench.runs.cancelRun(bench.actor, other.id);
    expect(await bench.ended(other.id)).toMatchObject({ state: 'cancelled', pausedAt: null });
  });

  test('a job that came into the queue meanwhile is parked, and one that stayed parked is queued', async () => {
    const { databases, engine } = bench;
    const pool = databases.enginePool;
    const { id } = await bench.start({ steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } });
    await bench.until(id, (now) => states(now)['wait'] === 'waiting');
    const job = { workspace: bench.actor.workspaceId, run: id, unit: 'wait', attempt: 1, tag: 'nobody', priority: 0 };
    const queued = async () => (await engine.queue.waitingOf(pool, { run: id, tags: ['nobody'] })).length;
    await hold(id);
    await inTransaction(pool, (client) => engine.queue.enqueue(client, [job]));
    await sortPaused(pool, engine.queue);
    expect(await queued()).toBe(0);
    await goOn(id);
    expect(await queued()).toBe(1);
    await inTransaction(pool, async (client) => park(client, { jobs: await engine.queue.takeBack(client, [id]), why: 'paused' }));
    await sortPaused(pool, engine.queue);
    expect(await queued()).toBe(1);
    await bench.runs.cancelRun(bench.actor, id);
  });

  test('those below follow, though whoever paused or resumed it ended before they did', async () => {
    const { databases, engine } = bench;
    const steps = { wait: { use: 'flow.signal', with: { name: 'never' } } };
    const { id } = await bench.start({ steps: { group: { use: 'flow.steps', steps: { inner: { use: 'flow.steps', steps } } } } });
    // In the transaction of the outermost alone, and as if that had been a while ago.
    const half = async (what: typeof pauseRun) => {
      await inTransaction(databases.enginePool, (client) => what(client, { queue: engine.queue, run: id, by: 'ada' }));
      await databases.enginePool.query(
        `update run_event e set at = at - interval '1 minute' from run r where r.id = $1 and e.run_id = r.id and e.seq = r.passes_on`,
        [id],
      );
    };
    const all = async () => {
      const { rows } = await databases.enginePool.query<{ by: string | null; left: number | null }>(
        'select paused_by as by, passes_on as left from run where id = $1 or root_id = $1 order by depth',
        [id],
      );
      return rows;
    };
    await expect.poll(async () => (await all()).length).toBe(3);
    await half(pauseRun);
    await expect.poll(all).toEqual(Array.from({ length: 3 }, () => ({ by: 'ada', left: null })));
    await half(resumeRun);
    await expect.poll(all).toEqual(Array.from({ length: 3 }, () => ({ by: null, left: null })));
    await bench.runs.cancelRun(bench.actor, id);
  });

  test('who is overtaken by the opposite while it reaches those below leaves them to that', async () => {
    const { databases, engine } = bench;
    const { id } = await bench.start({ steps: { group: { use: 'flow.steps', steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } } } });
    await expect.poll(async () => (await below(id)).length).toBe(1);
    const paused = await inTransaction(databases.enginePool, (client) => pauseRun(client, { queue: engine.queue, run: id, by: 'ada' }));
    await goOn(id);
    await belowToo(databases.enginePool, { what: pauseRun, run: id, by: 'ada', queue: engine.queue, passesOn: paused?.passesOn ?? null });
    expect((await below(id)).map(({ pausedAt }) => pausedAt)).toEqual([null]);
    await bench.runs.cancelRun(bench.actor, id);
  });

  test('one that is held before a gate goes through it and still waits', async () => {
    const slug = await bench.apply({
      steps: { work: { use: 'test.gate', with: { expression: 'name' } } },
      parameters: { name: { type: 'string' } },
      overlap: {},
    });
    const first = await bench.runs.startRun(bench.actor, { slug, parameters: { name: 'g1' } });
    const second = await bench.runs.startRun(bench.actor, { slug, parameters: { name: 'g2' } });
    expect(second.held).toBe(true);
    await hold(second.id);
    await opened('g1');
    open.get('g1')?.();
    await bench.ended(first.id);
    await bench.until(second.id, (now) => !now.held);
    expect(await bench.runs.showRun(bench.actor, second.id)).toMatchObject({ state: 'queued', pausedAt: expect.any(String) });
    await goOn(second.id);
    await opened('g2');
    open.get('g2')?.();
    expect((await bench.ended(second.id)).state).toBe('succeeded');
  });

  test('what was parked by somebody who did not see that the run goes on is found later', async () => {
    const { id } = await bench.start({ steps: { first: { use: 'test.gate', with: { name: 'late' } }, second: { use: 'test.do', after: 'first' } } });
    await opened('late');
    await hold(id);
    open.get('late')?.();
    await bench.until(id, (now) => states(now)['first'] === 'succeeded');
    await bench.databases.enginePool.query('update run set paused_at = null where id = $1', [id]);
    expect((await bench.ended(id)).state).toBe('succeeded');
  });

  test('refuses what is over and what is not paused', async () => {
    const ended = await run({ a: { use: 'test.do' } });
    await expect(hold(ended.id)).rejects.toMatchObject({ code: 'run.ended', status: 409 });
    await expect(goOn(ended.id)).rejects.toMatchObject({ code: 'run.ended' });
    const { id } = await bench.start({ steps: { a: { use: 'flow.signal', with: { name: 'never' } } } });
    await expect(goOn(id)).rejects.toMatchObject({ code: 'run.not_paused' });
    await bench.runs.cancelRun(bench.actor, id);
  });
});

describe('running again', () => {
  const chain = {
    a: { use: 'test.do', with: { name: 'a' } },
    b: { use: 'test.do', after: 'a', with: { name: 'b' } },
    side: { use: 'test.do', with: { name: 'side' } },
    c: { use: 'test.do', after: 'b', with: { name: 'c' } },
    reads: { use: 'test.do', after: 'side', with: { name: 'reads', value: 'steps.c.state' } },
    final: { use: 'test.do', on: 'always', with: { name: 'final' } },
  };

  test('from the failed step, with what had succeeded taken over', async () => {
    broken.add('b');
    const failed = await run({ ...chain, reads: { ...chain.reads, after: ['side', 'c'] } });
    broken.delete('b');
    expect(states(failed)).toMatchObject({ a: 'succeeded', b: 'failed', c: 'skipped', side: 'succeeded', reads: 'skipped', final: 'succeeded' });
    expect(await preview(failed.id, { from: 'failed' })).toMatchObject({
      again: [
        { step: 'b', why: 'it failed' },
        { step: 'c', why: 'it comes after b' },
        { step: 'reads', why: 'it comes after c' },
      ],
      taken: [
        { step: 'a', from: failed.id },
        { step: 'side', from: failed.id },
      ],
    });
    const next = await bench.ended((await again(failed.id, { from: 'failed' })).id);
    expect(next).toMatchObject({ state: 'succeeded', rerunOf: failed.id });
    expect(doneIn(next.id)).toEqual(['b', 'c', 'final', 'reads']);
    expect(next.steps.find(({ step }) => step === 'a')).toMatchObject({
      state: 'succeeded',
      value: 'a',
      reusedFrom: failed.id,
      reason: `taken over from run ${failed.number}`,
    });
    const third = await bench.ended((await again(next.id, { from: 'c' })).id);
    expect(third.steps.find(({ step }) => step === 'a')?.reusedFrom).toBe(failed.id);
    expect(doneIn(third.id)).toEqual(['c', 'final', 'reads']);
  });

  test('from any step, what reads its result in an expression runs again too; whole, everything does', async () => {
    const ended = await run({ ...chain, reads: { ...chain.reads, after: ['c'] } });
    const next = await bench.ended((await again(ended.id, { from: 'side' })).id);
    expect(doneIn(next.id)).toEqual(['final', 'side']);
    const later = await bench.ended((await again(ended.id, { from: 'b' })).id);
    expect(doneIn(later.id)).toEqual(['b', 'c', 'final', 'reads']);
    const whole = await bench.ended((await again(ended.id)).id);
    expect(doneIn(whole.id)).toEqual(['a', 'b', 'c', 'final', 'reads', 'side']);
    await expect(again(ended.id, { from: 'failed' })).rejects.toMatchObject({ code: 'rerun.nothing_failed' });
    await expect(again(ended.id, { from: 'nowhere' })).rejects.toMatchObject({ code: 'rerun.step_unknown' });
  });

  test('with changed parameters, what reads them runs again and the preview says why', async () => {
    const steps = {
      reader: { use: 'test.do', with: { name: 'reader', value: 'day' } },
      next: { use: 'test.do', after: 'reader', with: { name: 'next' } },
      other: { use: 'test.do', with: { name: 'other' } },
      last: { use: 'test.do', after: ['other', 'next'], with: { name: 'last' } },
    };
    const parameters = { day: { type: 'date', default: '2026-01-01' } };
    broken.add('last');
    const failed = await run(steps, { parameters });
    broken.delete('last');
    const asked = { from: 'failed' as const, parameters: { day: '2026-02-02' } };
    expect((await preview(failed.id, asked)).again[0]).toEqual({ step: 'reader', why: 'it reads the parameter day, which changed' });
    const next = await bench.ended((await again(failed.id, asked)).id);
    expect(next.parameters).toEqual({ day: '2026-02-02' });
    expect(doneIn(next.id)).toEqual(['last', 'next', 'reader']);
    await expect(again(failed.id, { parameters: { day: 'never' } })).rejects.toMatchObject({ code: 'run.parameters' });
  });

  test('a table that was not kept is made again, as far back as needed, and one that was kept is not', async () => {
    const rows = { rows: [{ n: 1 }, { n: 2 }, { n: 3 }] };
    const slug = await bench.apply({
      steps: {
        source: { use: 'table.read', with: { file: 'none', format: 'csv' } },
        keep: { use: 'table.filter', from: 'source', with: { where: 'n > 1' } },
        inside: { use: 'table.derive', from: 'keep', with: { columns: { m: 'n * 10' } } },
        end: { use: 'table.write', from: 'inside', with: { format: 'csv', name: 'end.csv' } },
        stored: { use: 'report.text', from: 'keep', with: { fileName: 'a.txt', template: '{{ rows.size }}' } },
        fails: { use: 'test.do', after: ['end', 'stored'], with: { name: 'table-fails' } },
      },
    });
    broken.add('table-fails');
    const started = await bench.runs.startRun(bench.actor, { slug, parameters: {}, testData: { source: rows }, mode: 'dry' });
    const failed = await bench.ended(started.id);
    broken.delete('table-fails');
    expect(states(failed)).toMatchObject({ source: 'succeeded', keep: 'succeeded', inside: 'succeeded', end: 'succeeded', fails: 'failed' });
    expect((await preview(failed.id, { from: 'failed' })).again.map(({ step }) => step)).toEqual(['fails']);
    const fromEnd = await preview(failed.id, { from: 'end' });
    expect(fromEnd.again).toEqual([
      { step: 'inside', why: 'its table was not kept, and end needs it' },
      { step: 'end', why: 'it was chosen' },
      { step: 'fails', why: 'it failed' },
    ]);
    const next = await bench.ended((await again(failed.id, { from: 'end' })).id);
    expect([next.state, next.error]).toEqual(['succeeded', null]);
    expect(next.steps.find(({ step }) => step === 'end')?.counts).toMatchObject({ rowsIn: 2 });
    expect((await preview(failed.id, { from: 'end', mode: 'normal' })).again[0]).toEqual({ step: 'source', why: 'its result was test data' });
  });

  test('items that succeeded are taken over, failed ones go on from their own failed step, at any depth', async () => {
    const steps = {
      work: {
        use: 'flow.steps',
        each: { over: '["x", "y", "z"]', concurrency: 2 },
        // It reads its own result, which is no reason to do all items again.
        undo: { use: 'test.do', with: { expression: '"undone-" + string(steps.work.value.total)' } },
        steps: {
          first: { use: 'test.do', with: { expression: '"first-" + item' } },
          inner: {
            use: 'flow.steps',
            after: 'first',
            each: { over: '[item + "1", item + "2"]' },
            steps: { do: { use: 'test.do', with: { expression: '"inner-" + item' } } },
          },
        },
      },
      after: { use: 'test.do', after: 'work', with: { name: 'after' } },
    };
    broken.add('inner-y2');
    const failed = await run(steps);
    broken.delete('inner-y2');
    expect(states(failed)).toEqual({ work: 'failed', after: 'skipped' });
    expect(await preview(failed.id, { from: 'failed' })).toMatchObject({ itemsTaken: ['work'] });
    const count = done.length;
    const next = await bench.ended((await again(failed.id, { from: 'failed' })).id);
    expect([next.state, next.error]).toEqual(['succeeded', null]);
    expect(
      done
        .slice(count)
        .map((line) => line.split(' ')[1])
        .sort(),
    ).toEqual(['after', 'inner-y2']);
    expect(next.steps[0]?.value).toMatchObject({ total: 3, succeeded: 3, failed: 0 });
    const children = await below(next.id);
    expect(children).toHaveLength(3);
    await expect(again(children[0]?.id ?? '')).rejects.toMatchObject({ code: 'run.below' });
    const whole = await bench.ended((await again(failed.id)).id);
    expect(whole.state).toBe('succeeded');
    expect(done.slice(count).filter((line) => line.endsWith(' first-x'))).toHaveLength(1);
  });

  test('asked twice with one key it starts one run; the key of a start, or for another run, is another key', async () => {
    const slug = await bench.apply({ steps: { a: { use: 'test.do', with: { name: 'a' } } } });
    const first = await bench.ended((await bench.runs.startRun(bench.actor, { slug, parameters: {}, idempotencyKey: 'once' })).id);
    const keyed = { idempotencyKey: 'once' };
    const [one, two] = await Promise.all([again(first.id, keyed), again(first.id, keyed)]);
    expect(two.id).toBe(one.id);
    expect(one).toMatchObject({ rerunOf: first.id });
    expect((await bench.runs.startRun(bench.actor, { slug, parameters: {}, idempotencyKey: 'once' })).id).toBe(first.id);
    const next = await again((await bench.ended(one.id)).id, keyed);
    expect([first.id, one.id]).not.toContain(next.id);
    await bench.ended(next.id);
  });

  test('a run that is not over has no results to take over yet', async () => {
    const { id } = await bench.start({ steps: { a: { use: 'flow.signal', with: { name: 'never' } } } });
    await expect(again(id, { from: 'a' })).rejects.toMatchObject({ code: 'run.going' });
    await bench.runs.cancelRun(bench.actor, id);
  });
});

describe('dry runs and test data', () => {
  const steps = {
    source: { use: 'table.read', with: { file: 'none', format: 'csv', csv: { types: { price: 'DECIMAL(18,2)' } } } },
    file: { use: 'table.write', from: 'source', with: { format: 'csv', name: 'trades.csv' } },
    write: { use: 'file.write', from: 'file', with: { connection: 'out', path: 'deep/in' } },
    send: { use: 'deliver.folder', from: 'file', with: { connection: 'out', checksumFile: 'sha256' } },
  };

  test('a dry run changes nothing outside, says what it would do, and its files are in no list', async () => {
    const slug = await bench.apply({ steps });
    const started = await bench.runs.startRun(bench.actor, { slug, parameters: {}, testData: { source: { csv: 'isin,price\nA,1.5\nB,2\n' } } });
    expect(started.mode).toBe('dry');
    const ended = await bench.ended(started.id);
    expect([ended.state, ended.error]).toEqual(['succeeded', null]);
    expect(await readdir(folder)).toEqual([]);
    expect(ended.steps.map(({ step, reason }) => [step, reason])).toEqual([
      ['source', 'test data'],
      ['file', null],
      ['write', 'dry run: nothing outside was changed'],
      ['send', 'dry run: nothing outside was changed'],
    ]);
    expect(ended.steps[0]?.table).toMatchObject({ rows: 2, columns: [expect.anything(), { name: 'price', type: 'DECIMAL(18,2)' }] });
    expect((await bench.runs.listArtifacts(bench.actor, { limit: 200 })).items.filter((artifact) => artifact.run === started.id)).toEqual([]);
    expect((await bench.runs.listArtifacts(bench.actor, { run: started.id, limit: 10 })).items).toHaveLength(1);
    expect((await bench.runs.listDeliveries(bench.actor, { run: started.id, limit: 10 })).items).toEqual([]);
    const real = await bench.ended((await again(started.id, { from: 'write', mode: 'normal' })).id).catch(() => null);
    expect(real?.state).toBe('failed');
    const normal = await bench.runs.startRun(bench.actor, { slug, parameters: {}, mode: 'normal', testData: { source: { csv: 'isin,price\nA,1.5\n' } } });
    expect((await bench.ended(normal.id)).state).toBe('succeeded');
    await access(path.join(folder, 'deep/in/trades.csv'));
  });

  test('made-up rows are delivered for real only by who may change the flow', async () => {
    const slug = await bench.apply({ steps });
    const operator = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['flow.read', 'flow.run', 'run.read'] }] });
    const start = (mode: 'dry' | 'normal') => bench.runs.startRun(operator, { slug, parameters: {}, mode, testData: { source: { csv: 'isin,price\nA,1\n' } } });
    await expect(start('normal')).rejects.toMatchObject({ code: 'permission.missing', details: { permission: 'flow.edit' } });
    expect(await bench.ended((await start('dry')).id)).toMatchObject({ state: 'succeeded', mode: 'dry' });
  });

  test('test data must name a step of the flow and fit what it gives', async () => {
    const slug = await bench.apply({
      steps: { ...steps, value: { use: 'flow.value', with: { value: '1' } }, wait: { use: 'flow.sleep', with: { for: '1s' } } },
    });
    const start = (testData: object) => bench.runs.startRun(bench.actor, { slug, parameters: {}, testData: testData as never });
    await expect(start({ nowhere: { value: 1 } })).rejects.toMatchObject({ code: 'test_data.step_unknown', status: 400 });
    await expect(start({ source: { value: 1 } })).rejects.toMatchObject({ code: 'test_data.unfit' });
    await expect(start({ value: { rows: [{ a: 1 }] } })).rejects.toMatchObject({ code: 'test_data.unfit' });
    await expect(start({ source: { file: 'none' } })).rejects.toMatchObject({ code: 'test_data.file_unknown' });
    await expect(start({ source: { rows: [{ price: 'dear' }] } })).rejects.toMatchObject({ status: 400 });
    await expect(start({ source: { rows: [{}] } })).rejects.toMatchObject({ code: 'test_data.no_columns' });
    await expect(start({ value: { value: 'x'.repeat(70_000) } })).rejects.toMatchObject({ code: 'test_data.too_large' });
  });
});

test('a run has the priority and the deadline that it was started with', async () => {
  const slug = await bench.apply({ steps: { wait: { use: 'flow.signal', with: { name: 'never' } } } });
  await expect(bench.runs.startRun(bench.actor, { slug, parameters: {}, deadline: '2020-01-01T00:00:00.000Z' })).rejects.toMatchObject({
    code: 'run.deadline',
  });
  const { id } = await bench.runs.startRun(bench.actor, { slug, parameters: {}, deadline: '50ms', priority: 7 });
  const late = await bench.ended(id);
  const error = { code: 'run.timeout', message: `the run was not over at its deadline, ${late.deadlineAt}`, details: { deadline: late.deadlineAt } };
  expect(late).toMatchObject({ state: 'cancelled', priority: 7, deadlineAt: expect.any(String), error });
  const failing = {
    wrong: { use: 'flow.fail', with: { message: 'on purpose' } },
    wait: { use: 'flow.signal', after: 'wrong', on: 'always', with: { name: 'never' } },
  };
  const failed = await bench.start({ steps: failing, timeout: '1s' });
  const message = 'the run took longer than the time limit of its flow, 1s';
  expect(await bench.ended(failed.id)).toMatchObject({ state: 'cancelled', error: { code: 'run.timeout', message } });
  await expect(bench.runs.startRun(bench.actor, { slug, parameters: {}, deadline: '99999999999999d' })).rejects.toMatchObject({ code: 'run.deadline' });
});

test('deadlines and time limits go by the clock of the database, whatever that of the process says', async () => {
  const steps = { wait: { use: 'flow.signal', with: { name: 'never' } } };
  const [slug, limited] = [await bench.apply({ steps }), await bench.apply({ steps, timeout: '1h' })];
  const soon = new Date(Date.now() + 1_800_000).toISOString();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 });
  const starts = [{ slug, deadline: '1h' }, { slug, deadline: soon }, { slug: limited }, { slug: limited, deadline: '2h' }, { slug: limited, deadline: soon }];
  const started = await Promise.all(starts.map((start) => bench.runs.startRun(bench.actor, { parameters: {}, ...start }))).finally(() => vi.useRealTimers());
  const { rows } = await bench.databases.enginePool.query<{ within: number; at: Date }>(
    'select extract(epoch from deadline_at - created_at)::float8 as within, deadline_at as at from run where id = any($1) order by array_position($1, id)',
    [started.map(({ id }) => id)],
  );
  expect([rows[0]?.within, rows[2]?.within, rows[3]?.within]).toEqual([3_600, 3_600, 3_600]);
  expect([rows[1]?.at.toISOString(), rows[4]?.at.toISOString()]).toEqual([soon, soon]);
  for (const { id } of started) await bench.runs.cancelRun(bench.actor, id);
});
