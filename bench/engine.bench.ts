// npm run bench engine: recorded steps per second beside the raw limit of the same Postgres, and how soon a run starts.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EngineSite, openEngineSite } from '../packages/server/src/testing/engine-site.ts';
import { type BenchResult, report } from './report.ts';

const runs = 2_000;
const rounds = 3;

const site = await openEngineSite();
try {
  const chain = await site.apply({ a: { use: 'test.noop' }, b: { use: 'test.noop', from: 'a' }, c: { use: 'test.noop', from: 'b' } });
  const workers = [await site.spawn(), await site.spawn()];
  await drained(site, { slug: chain, workers, count: 500 }); // warm-up
  const measured = { drained: [] as number[], raw: [] as number[], whole: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    measured.raw.push(await rawLimit(site));
    measured.drained.push(await drained(site, { slug: chain, workers }));
    measured.whole.push(await withStarts(site, chain));
  }
  const single = await site.apply({ a: { use: 'test.noop' } });
  const latency = await startLatency(site, single);
  for (const worker of workers) worker.send('stop');
  const steps = median(measured.drained);
  const whole = median(measured.whole);
  const limit = median(measured.raw);
  const results: BenchResult[] = [
    { name: 'sequential-3', value: steps, unit: 'steps/s', limit, ratio: steps / limit, goal: 5_000, met: steps >= 5_000 },
    { name: 'sequential-3 of raw limit', value: steps / limit, unit: 'ratio', limit: 1, ratio: steps / limit, goal: 0.1, met: steps / limit >= 0.1 },
    { name: 'sequential-3 with its starts', value: whole, unit: 'steps/s', limit, ratio: whole / limit, goal: null, met: null },
    { name: 'start latency p50', value: latency.p50, unit: 'ms', limit: null, ratio: null, goal: 15, met: latency.p50 < 15 },
    { name: 'start latency p99', value: latency.p99, unit: 'ms', limit: null, ratio: null, goal: null, met: null },
  ];
  report({ bench: 'engine', results });
} finally {
  await site.close();
}

/** Runs are queued while both workers are stopped for a moment, then drained: from the first run's start to the last one's end, by the database's record. */
async function drained(site: EngineSite, { slug, workers, count = runs }: { slug: string; workers: ChildProcess[]; count?: number }): Promise<number> {
  const { engine, actor, databases } = site;
  for (const worker of workers) worker.kill('SIGSTOP');
  const started = await Promise.all(Array.from({ length: count }, () => engine.runs.startRun(actor, { slug, parameters: {} })));
  for (const worker of workers) worker.kill('SIGCONT');
  await allEnded(site);
  const { rows } = await databases.enginePool.query<{ ms: number }>(
    `select extract(epoch from max(finished_at) - min(started_at))::float8 * 1000 as ms from run where id = any($1) and state = 'succeeded'`,
    [started.map((run) => run.id)],
  );
  return (count * 3) / ((rows[0]?.ms ?? Number.NaN) / 1_000);
}

/** From the first start by the API to the last run's end: starts, claims, steps and commits all included. */
async function withStarts(site: EngineSite, slug: string): Promise<number> {
  const began = performance.now();
  await Promise.all(Array.from({ length: runs }, () => site.engine.runs.startRun(site.actor, { slug, parameters: {} })));
  await allEnded(site);
  return (runs * 3) / ((performance.now() - began) / 1_000);
}

async function allEnded({ databases }: EngineSite): Promise<void> {
  for (;;) {
    const { rows } = await databases.enginePool.query<{ open: number }>('select count(*) as open from run where finished_at is null');
    if (rows[0]?.open === 0) return;
    await sleep(5);
  }
}

/** The same Postgres, two connections, nothing but claims: batches of 200 by SKIP LOCKED, each recorded with one insert, one commit a batch. */
async function rawLimit({ address }: EngineSite): Promise<number> {
  const pool = new pg.Pool({ connectionString: address.ownerUrl, max: 2 });
  const rows = 40_000;
  try {
    await pool.query(
      'create table raw_job (id bigint primary key, state int not null default 0, data jsonb); create table raw_step (job bigint primary key, at timestamptz default now(), output jsonb)',
    );
    await pool.query(`insert into raw_job (id, data) select n, '{"unit": "a"}' from generate_series(1, $1::int) n`, [rows]);
    await pool.query('create index on raw_job (id) where state = 0; analyze raw_job');
    const began = performance.now();
    await Promise.all([drain(pool), drain(pool)]);
    return rows / ((performance.now() - began) / 1_000);
  } finally {
    await pool.query('drop table if exists raw_job, raw_step');
    await pool.end();
  }
}

async function drain(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (;;) {
      await client.query('begin');
      const claimed = await client.query<{ id: number }>({
        name: 'raw-claim',
        text: 'update raw_job set state = 1 where id = any(array(select id from raw_job where state = 0 order by id for update skip locked limit 200)) returning id',
      });
      await client.query({
        name: 'raw-record',
        text: `insert into raw_step (job, output) select id, '{}' from unnest($1::bigint[]) id`,
        values: [claimed.rows.map((row) => row.id)],
      });
      await client.query('commit');
      if (claimed.rows.length === 0) return;
    }
  } finally {
    client.release();
  }
}

/** At ten starts a second on an idle engine: from the call that starts a run to the moment its first step began. */
async function startLatency({ engine, actor, databases }: EngineSite, slug: string): Promise<{ p50: number; p99: number }> {
  const began = new Map<string, number>();
  for (let count = 0; count < 100; count++) {
    const at = Date.now();
    began.set((await engine.runs.startRun(actor, { slug, parameters: {} })).id, at);
    await sleep(100);
  }
  await sleep(300);
  const { rows } = await databases.enginePool.query<{ run_id: string; started_at: Date }>('select run_id, started_at from step_run where run_id = any($1)', [
    [...began.keys()],
  ]);
  const waits = rows.map((row) => row.started_at.getTime() - (began.get(row.run_id) ?? 0)).sort((a, b) => a - b);
  return { p50: waits[Math.floor(waits.length / 2)] ?? Number.NaN, p99: waits[Math.floor(waits.length * 0.99)] ?? Number.NaN };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
