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
