// What a step costs the database: commits and bytes of write-ahead log, beside a bare claim and record.
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { chainOf } from './chains.ts';
import { drained, withWorkers } from './load.ts';
import { rawLimit } from './raw-limit.ts';

interface Spent {
  commits: number;
  bytes: number;
}

const rawJobs = 40_000;

export async function cost(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(3));
  return withWorkers(site, 2, async (workers) => {
    await drained(site, { slug, workers, runs: 500, steps: 3 });
    const steps = 6_000;
    const mine = await spending(site, () => drained(site, { slug, workers, runs: steps / 3, steps: 3 }));
    const raw = await spending(site, () => rawLimit(site));
    const line = (name: string, unit: string, value: number, limit: number): BenchResult => ({
      name,
      unit,
      value,
      limit,
      ratio: value / limit,
      goal: null,
      met: null,
    });
    return [
      line('commits per step of 3, starts included', 'commits', mine.commits / steps, raw.commits / rawJobs),
      line('write-ahead log per step of 3, starts included', 'bytes', mine.bytes / steps, raw.bytes / rawJobs),
    ];
  });
}

async function spending(site: EngineSite, work: () => Promise<unknown>): Promise<Spent> {
  const before = await spent(site);
  await work();
  const after = await spent(site);
  return { commits: after.commits - before.commits, bytes: after.bytes - before.bytes };
}

async function spent({ databases }: EngineSite): Promise<Spent> {
  const { rows } = await databases.enginePool.query<Spent>(
    `select pg_stat_force_next_flush() is null, xact_commit::float8 as commits, (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes from pg_stat_database where datname = current_database()`,
  );
  return rows[0] ?? { commits: Number.NaN, bytes: Number.NaN };
}
