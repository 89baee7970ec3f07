// How soon a run begins on an idle engine, and how many a second can be started and recorded, as webhooks start them: each caller waits for its own answer.
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { chainOf } from './chains.ts';
import { allEnded, inTurns, quantile, recordedMs, withWorkers } from './load.ts';
import { rawCommits, rawLimit } from './raw-limit.ts';

export async function latency(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(1));
  return withWorkers(site, 2, async () => {
    const waits = await waitsOf(site, slug);
    const commitMs = 1_000 / (await rawCommits(site));
    const p50 = quantile(waits, 0.5);
    const p99 = quantile(waits, 0.99);
    return [
      {
        name: 'start to first step at 10/s, p50, beside one durable commit',
        unit: 'ms',
        value: p50,
        limit: commitMs,
        ratio: p50 / commitMs,
        goal: 8,
        met: p50 < 8,
      },
      {
        name: 'start to first step at 10/s, p99, beside one durable commit',
        unit: 'ms',
        value: p99,
        limit: commitMs,
        ratio: p99 / commitMs,
        goal: 30,
        met: p99 < 30,
      },
    ];
  });
}

/** From the call that starts a run to the moment its step began, in milliseconds. */
async function waitsOf({ engine, actor, databases }: EngineSite, slug: string): Promise<number[]> {
  const began = new Map<string, number>();
  for (let count = 0; count < 110; count++) {
    const at = performance.timeOrigin + performance.now();
    const { id } = await engine.runs.startRun(actor, { slug, parameters: {} });
    // The first ones find caches cold.
    if (count >= 10) began.set(id, at);
    await sleep(100);
  }
  const ids = [...began.keys()];
  const { rows } = await databases.enginePool.query<{ id: string; at: number }>(
    'select run_id as id, extract(epoch from started_at)::float8 * 1000 as at from step_run where run_id = any($1) and started_at is not null',
    [ids],
  );
  if (rows.length !== ids.length) throw new RangeError(`${rows.length} of ${ids.length} runs had begun 100 ms after the last start`);
  return rows.map((row) => row.at - (began.get(row.id) ?? 0));
}

const callers = 200;

export async function webhooks(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(3));
  return withWorkers(site, 2, async () => {
    await startedAndRecorded(site, { slug, runs: 1_000 });
    const { value, limit } = await inTurns(
      3,
      () => startedAndRecorded(site, { slug, runs: 5_000 }),
      async () => (await rawLimit(site)) / 3,
    );
    return [{ name: 'runs of 3 steps started one by one and recorded', unit: 'runs/s', value, limit, ratio: value / limit, goal: 2_500, met: value >= 2_500 }];
  });
}

async function startedAndRecorded(site: EngineSite, { slug, runs }: { slug: string; runs: number }): Promise<number> {
  const began = performance.now();
  const ids: string[] = [];
  let left = runs;
  const call = async () => {
    while (left-- > 0) ids.push((await site.engine.runs.startRun(site.actor, { slug, parameters: {} })).id);
  };
  await Promise.all(Array.from({ length: callers }, call));
  await allEnded(site, ids);
  const took = performance.now() - began;
  await recordedMs(site, { ids, steps: 3 });
  return (runs * 1_000) / took;
}
