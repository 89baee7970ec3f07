// How soon a run begins on an idle engine, and how many a second can be started and recorded, as webhooks start them: each caller waits for its own answer.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { chainOf } from './chains.ts';
import { allEnded, inTurns, quantile, recordedMs, withWorkers } from './load.ts';
import { rawLimit } from './raw-limit.ts';

export async function latency(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(1));
  return withWorkers(site, 2, async () => {
    const { waits, commits } = await waitsOf(site, slug);
    return [
      { share: 0.5, goal: 8 },
      { share: 0.99, goal: 30 },
    ].map(({ share, goal }) => {
      const value = quantile(waits, share);
      const limit = quantile(commits, share);
      const name = `start to first step at 10/s, p${share * 100}, beside one durable commit`;
      return { name, unit: 'ms', value, limit, ratio: value / limit, goal, met: value < goal };
    });
  });
}

/** From the call that starts a run to the moment its step began, and a bare commit between any two of them: what the disk takes is seen in both. In milliseconds. */
async function waitsOf({ engine, actor, databases, address }: EngineSite, slug: string): Promise<{ waits: number[]; commits: number[] }> {
  const began = new Map<string, number>();
  const commits: number[] = [];
  const bare = new pg.Client({ connectionString: address.ownerUrl });
  await bare.connect();
  await bare.query('create table bare_commit (at timestamptz)');
  for (let count = 0; count < 310; count++) {
    const at = performance.timeOrigin + performance.now();
    const { id } = await engine.runs.startRun(actor, { slug, parameters: {} });
    // The first ones find caches cold.
    if (count >= 10) began.set(id, at);
    await sleep(50);
    const committing = performance.now();
    await bare.query('insert into bare_commit values (now())');
    commits.push(performance.now() - committing);
    await sleep(50);
  }
  await bare.query('drop table bare_commit');
  await bare.end();
  const ids = [...began.keys()];
  const { rows } = await databases.enginePool.query<{ id: string; at: number }>(
    'select run_id as id, extract(epoch from started_at)::float8 * 1000 as at from step_run where run_id = any($1) and started_at is not null',
    [ids],
  );
  if (rows.length !== ids.length) throw new RangeError(`${rows.length} of ${ids.length} runs had begun 100 ms after the last start`);
  return { waits: rows.map((row) => row.at - (began.get(row.id) ?? 0)), commits };
}

const callers = 200;

export async function webhooks(site: EngineSite): Promise<BenchResult[]> {
  const slugs = { each: await site.apply(chainOf(3)), pure: await site.apply(chainOf(3, 'test.pure')) };
  return withWorkers(site, 2, async () => {
    await startedAndRecorded(site, { slug: slugs.each, runs: 1_000 });
    const measured = (slug: string) =>
      inTurns(
        3,
        () => startedAndRecorded(site, { slug, runs: 5_000 }),
        async () => (await rawLimit(site)) / 3,
      );
    const [each, pure] = [await measured(slugs.each), await measured(slugs.pure)];
    const name = 'runs of 3 steps started one by one and recorded';
    return [
      { name, unit: 'runs/s', ...each, ratio: each.value / each.limit, goal: 2_500, met: each.value >= 2_500 },
      { name: `${name}, of pure steps`, unit: 'runs/s', ...pure, ratio: pure.value / pure.limit, goal: null, met: null },
    ];
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
