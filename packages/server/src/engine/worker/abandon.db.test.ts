// The end of a run that no worker can advance, on real Postgres.
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { abandonRun } from './abandon.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({ types: stepTypes, steps: {} });
});
afterAll(() => bench.close());

test('it says that it failed and why, leaves nothing behind, and the step that it worked for hears of it', async () => {
  const started = await bench.start({ steps: { group: { use: 'flow.steps', steps: { wait: { use: 'flow.signal', with: { name: 'go' } } } } } });
  const below = async () => (await bench.runs.listRuns(bench.actor, { parent: started.id, limit: 10 })).items[0];
  await expect.poll(async () => (await below())?.state).toBe('running');
  const child = (await below())?.id ?? '';
  await bench.until(child, (run) => run.steps[0]?.state === 'waiting');
  const error = { code: 'flow.step_type_unknown', message: 'there is no such step type', retryable: false };
  await abandonRun(bench.databases.enginePool, { run: child, error, queue: bench.engine.queue });
  await abandonRun(bench.databases.enginePool, { run: child, error, queue: bench.engine.queue });
  const ends = (await bench.events(child)).filter(({ type }) => type === 'run.failed');
  expect(ends).toMatchObject([{ data: { error: { code: 'flow.step_type_unknown' } } }]);
  expect((await bench.ended(started.id)).error).toMatchObject({ code: 'flow.step_type_unknown', message: expect.stringContaining('no such step type') });
  const { rows } = await bench.databases.enginePool.query(
    'select (select count(*) from step_wait where ended_at is null)::int as waits, (select count(*) from lease)::int as leases',
  );
  expect(rows[0]).toEqual({ waits: 0, leases: 0 });
});

test('the runs that work for it end with it, and those below them; what it only started goes on', async () => {
  const { databases, engine, actor, runs } = bench;
  const wait = { use: 'flow.signal', with: { name: 'never' } };
  const flow = await bench.apply({ steps: { wait } });
  const alone = { use: 'flow.run', with: { flow, wait: false } };
  const started = await bench.start({ steps: { alone, beside: wait, group: { use: 'flow.steps', steps: { inner: { use: 'flow.steps', steps: { wait } } } } } });
  const below = async () => {
    const { rows } = await databases.enginePool.query<{ id: string; parent_step: string; state: string }>(
      'select id, parent_step, state from run where root_id = $1 order by parent_step',
      [started.id],
    );
    return rows;
  };
  await expect.poll(async () => (await below()).map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  await abandonRun(databases.enginePool, {
    run: started.id,
    error: { code: 'test.abandoned', message: 'it cannot go on', retryable: false },
    queue: engine.queue,
  });
  // Whoever cancels has some seconds for those further below.
  await databases.enginePool.query(`update run set cancelling_at = now() - interval '1 minute' where root_id = $1 and state = 'cancelling'`, [started.id]);
  const ends = [
    ['alone', 'running'],
    ['group', 'cancelled'],
    ['inner', 'cancelled'],
  ];
  await expect.poll(async () => (await below()).map(({ parent_step, state }) => [parent_step, state]), { timeout: 30_000 }).toEqual(ends);
  await runs.cancelRun(actor, (await below())[0]?.id ?? '');
});
