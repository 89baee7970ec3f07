// What every part of the bench does: starts runs, waits for their ends, reads what the database recorded.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';

export interface Drain {
  slug: string;
  workers: ChildProcess[];
  runs: number;
  /** Recorded of each run. */
  steps: number;
}

/** Queues runs while the workers are stopped for a moment, then lets them go. @returns recorded steps a second, from the first run's start to the last one's end by the database's record */
export async function drained(site: EngineSite, { slug, workers, runs, steps }: Drain): Promise<number> {
  for (const worker of workers) worker.kill('SIGSTOP');
  const ids = await startAll(site, { slug, runs });
  for (const worker of workers) worker.kill('SIGCONT');
  await allEnded(site, ids);
  return (runs * steps * 1_000) / (await recordedMs(site, { ids, steps }));
}

export function startAll({ engine, actor }: EngineSite, { slug, runs }: { slug: string; runs: number }): Promise<string[]> {
  return Promise.all(Array.from({ length: runs }, async () => (await engine.runs.startRun(actor, { slug, parameters: {} })).id));
}

/** Asks rarely and for no names: a look at thousands of ids every few milliseconds took a third of the time that this Postgres worked. What is measured is read from the record. */
export async function allEnded({ databases }: EngineSite, ids: string[]): Promise<void> {
  for (;;) {
    const { rowCount } = await databases.enginePool.query('select from run where finished_at is null limit 1');
    if (rowCount === 0) break;
    await sleep(100);
  }
  const { rows } = await databases.enginePool.query<{ open: number }>('select count(*)::int as open from run where id = any($1) and finished_at is null', [
    ids,
  ]);
  if (rows[0]?.open !== 0) throw new RangeError(`${rows[0]?.open} runs are not over`);
}

/** @throws RangeError when a run did not succeed or a step of one is not recorded: a figure of what was lost is none */
export async function recordedMs({ databases }: EngineSite, { ids, steps }: { ids: string[]; steps: number }): Promise<number> {
  const { rows } = await databases.enginePool.query<{ ms: number; succeeded: number }>(
    `select extract(epoch from max(finished_at) - min(started_at))::float8 * 1000 as ms, count(*)::int as succeeded from run where id = any($1) and state = 'succeeded'`,
    [ids],
  );
  const recorded = await databases.enginePool.query<{ steps: number }>(
    `select count(*)::int as steps from step_run where run_id = any($1) and state = 'succeeded'`,
    [ids],
  );
  if (rows[0]?.succeeded !== ids.length || recorded.rows[0]?.steps !== ids.length * steps)
    throw new RangeError(`${rows[0]?.succeeded} of ${ids.length} runs and ${recorded.rows[0]?.steps} of ${ids.length * steps} steps were recorded`);
  return rows[0].ms;
}

/** Both measured in turns, so that whatever else the machine does meets both. @returns their medians */
export async function inTurns(rounds: number, measure: () => Promise<number>, limit: () => Promise<number>): Promise<{ value: number; limit: number }> {
  const values: number[] = [];
  const limits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    limits.push(await limit());
    values.push(await measure());
  }
  return { value: median(values), limit: median(limits) };
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** As many worker processes as asked for while `work` lasts. */
export async function withWorkers<T>(site: EngineSite, count: number, work: (workers: ChildProcess[]) => Promise<T>, effectsUrl?: string): Promise<T> {
  const workers = await Promise.all(Array.from({ length: count }, () => site.spawn(effectsUrl === undefined ? {} : { effectsUrl })));
  try {
    return await work(workers);
  } finally {
    await Promise.all(workers.map(stopped));
  }
}

async function stopped(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.send('stop');
  await ended;
}
