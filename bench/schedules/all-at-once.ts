// Ten thousand schedules that are due at one moment: how many a second are fired, beside raw inserts of the same rows into tables with the same indexes, and how late
// their runs begin.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import { chainOf } from '../engine/chains.ts';
import { withWorkers } from '../engine/load.ts';
import type { BenchResult } from '../report.ts';
import { makeSchedules, stopSchedules } from './make-schedules.ts';

const count = 10_000;
const together = 100;

export async function allAtOnce(site: EngineSite): Promise<BenchResult[]> {
  const flow = await site.apply(chainOf(1));
  const { took, p99, cpu } = await fired(site, flow);
  const limit = await rawInserts(site, flow);
  const value = (count * 1_000) / took;
  const begun = await withWorkers(site, 1, async () => begunLate(site, await site.apply(chainOf(1))));
  const line = (name: string, value: number, unit: string): BenchResult => ({ name, value, unit, limit: null, ratio: null, goal: null, met: null });
  return [
    { name: '10,000 schedules due at once, beside raw inserts of their rows', value, unit: 'runs/s', limit, ratio: value / limit, goal: null, met: null },
    line('work of the scheduler for each of them, without Postgres', cpu, 'us'),
    line('lateness of a moment, p99, all due at once', p99, 'ms'),
    line('lateness of a moment, p99, all due at once, while a worker begins their runs', begun.fired, 'ms'),
    line('due to the first step, p99, all due at once', begun.begun, 'ms'),
  ];
}

async function allDue(site: EngineSite, flow: string): Promise<void> {
  const at = new Date(Date.now() + 3_000);
  await makeSchedules(site, { flow, count, secondOf: () => at.getSeconds(), nextAt: () => new Date(Math.floor(at.getTime() / 1_000) * 1_000) });
}

async function fired(site: EngineSite, flow: string): Promise<{ took: number; p99: number; cpu: number }> {
  await allDue(site, flow);
  const before = process.cpuUsage();
  for (;;) {
    const { rows } = await site.databases.enginePool.query<{ done: number; took: number; p99: number }>(
      `select count(*)::int as done, extract(epoch from max(f.at) - min(f.instant))::float8 * 1000 as took,
         percentile_cont(0.99) within group (order by extract(epoch from f.at - f.instant) * 1000) as p99
       from schedule_firing f join schedule s on s.id = f.schedule_id where s.slug like $1 || '-%'`,
      [flow],
    );
    if (rows[0] && rows[0].done >= count) {
      const { user, system } = process.cpuUsage(before);
      await stopSchedules(site);
      return { ...rows[0], cpu: (user + system) / count };
    }
    await sleep(250);
  }
}

/** How late the moments are, and how late the first steps of their runs begin; both p99. */
async function begunLate(site: EngineSite, flow: string): Promise<{ fired: number; begun: number }> {
  await allDue(site, flow);
  for (;;) {
    const { rows } = await site.databases.enginePool.query<{ done: number; fired: number; begun: number }>(
      `select count(t.started_at)::int as done, percentile_cont(0.99) within group (order by extract(epoch from f.at - f.instant) * 1000) as fired,
         percentile_cont(0.99) within group (order by extract(epoch from t.started_at - f.instant) * 1000) as begun
       from schedule_firing f join schedule s on s.id = f.schedule_id left join step_run t on t.run_id = f.run_id where s.slug like $1 || '-%'`,
      [flow],
    );
    if (rows[0] && rows[0].done >= count) {
      await stopSchedules(site);
      return rows[0];
    }
    await sleep(500);
  }
}

/** @returns runs a second */
async function rawInserts({ address }: EngineSite, flow: string): Promise<number> {
  const client = new pg.Client({ connectionString: address.ownerUrl });
  await client.connect();
  try {
    const copies = ['run', 'run_event', 'schedule_firing'];
    for (const table of copies) await client.query(`create table raw_${table} (like ${table} including all)`);
    const { rows } = await client.query<{ id: string }>('select r.id from run r join flow f on f.id = r.flow_id where f.slug = $1', [flow]);
    const ids = rows.map(({ id }) => id);
    const began = performance.now();
    for (let from = 0; from < ids.length; from += together) {
      const some = [ids.slice(from, from + together)];
      await client.query('begin');
      await client.query('insert into raw_run select * from run where id = any($1)', some);
      await client.query('insert into raw_run_event select * from run_event where run_id = any($1) and seq = 1', some);
      // By their own key: a firing is not found by its run.
      await client.query(
        'insert into raw_schedule_firing select f.* from run r join schedule_firing f on f.schedule_id = r.origin_id and f.instant = r.origin_at where r.id = any($1)',
        some,
      );
      await client.query('commit');
    }
    return (ids.length * 1_000) / (performance.now() - began);
  } finally {
    await client.query('drop table if exists raw_run, raw_run_event, raw_schedule_firing');
    await client.end();
  }
}
