// A lease that goes back while its run is being cancelled: found by the model (tests/model), where the run stayed in cancellation for ever.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../../base/ids.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { cancelRun } from './cancel.ts';
import { claimJobs, inTransaction, returnUnknown } from './claim.store.ts';
import type { Runner } from './job-queue.ts';

let bench: EngineBench;
beforeEach(async () => {
  // Its own worker takes nothing: this test is the worker.
  bench = await startEngineBench({ steps: { 'test.nothing': async () => ({}) }, concurrency: 0 });
});
afterEach(() => bench.close());

test('a lease that goes back at any moment of a cancellation leaves a run that is over, or a job that ends it', async () => {
  const { databases, engine, runs, actor, start } = bench;
  for (let moment = 1; ; moment++) {
    const run = (await start({ steps: { only: { use: 'test.nothing' } } })).id;
    const worker = await claim(run);
    const giveBack = () => returnUnknown(databases.enginePool, { worker, queue: engine.queue, known: new Set() });
    if (!(await cancelWith(run, { moment, giveBack }))) return expect(moment).toBeGreaterThan(5);
    const waiting = await engine.queue.waitingOf(databases.enginePool, { run, tags: ['default'] });
    const { state } = await runs.showRun(actor, run);
    expect([
      { moment, state: 'cancelled', jobs: 0 },
      { moment, state: 'cancelling', jobs: 1 },
    ]).toContainEqual({ moment, state, jobs: waiting.length });
  }
});

/** A worker that lives for the length of the test and has claimed what there is. */
async function claim(run: string): Promise<string> {
  const pool = bench.databases.enginePool;
  const worker = newId();
  await pool.query(
    `insert into worker (id, host, pid, tags, version, concurrency, beat_at) values ($1, 'test', 1, '{default}', '0', 1, now() + interval '1 hour')`,
    [worker],
  );
  const { jobs } = await claimJobs(pool, { queue: bench.engine.queue, worker, tag: 'default', limit: 100, known: () => true });
  expect(jobs.map((job) => job.run)).toContain(run);
  return worker;
}

/** Cancels, and gives the lease back after so many of its statements. @returns whether there were so many */
async function cancelWith(run: string, { moment, giveBack }: { moment: number; giveBack(): Promise<void> }): Promise<boolean> {
  let statements = 0;
  await inTransaction(bench.databases.enginePool, async (client) => {
    const query = async (...statement: Parameters<typeof client.query>) => {
      const result = await client.query(...statement);
      if (++statements === moment) await giveBack();
      return result;
    };
    await cancelRun({ query } as unknown as Runner, { queue: bench.engine.queue, run, by: 'test', error: null });
  });
  return statements >= moment;
}
