// Ten thousand schedules that fire once a minute, spread over its seconds: how late each moment is written, and how late its run begins.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import { chainOf } from '../engine/chains.ts';
import { withWorkers } from '../engine/load.ts';
import type { BenchResult } from '../report.ts';
import { makeSchedules, stopSchedules } from './make-schedules.ts';

const count = 10_000;
const minutes = 2;

export async function overMinutes(site: EngineSite): Promise<BenchResult[]> {
  const flow = await site.apply(chainOf(1));
  return withWorkers(site, 1, async () => {
    const first = Math.ceil((Date.now() + 8_000) / 60_000) * 60_000;
    await makeSchedules(site, { flow, count, secondOf: (at) => at % 60, nextAt: (at) => new Date(first + (at % 60) * 1_000) });
    await sleep(first + minutes * 60_000 - 500 - Date.now());
    const commits = await commitTimes(site);
    await stopSchedules(site);
    const { rows } = await site.databases.enginePool.query<{ fired: number; p50: number; p99: number; begun: number }>(
      `select count(*)::int as fired, percentile_cont(0.5) within group (order by extract(epoch from f.at - f.instant) * 1000) as p50,
         percentile_cont(0.99) within group (order by extract(epoch from f.at - f.instant) * 1000) as p99,
         percentile_cont(0.99) within group (order by extract(epoch from s.started_at - f.instant) * 1000) as begun
       from schedule_firing f join run r on r.id = f.run_id left join step_run s on s.run_id = r.id
       where f.outcome = 'fired' and f.instant >= $1 and f.instant < $2`,
      [new Date(first), new Date(first + minutes * 60_000 - 1_000)],
    );
    const [found] = rows;
    const due = (count / 60) * (minutes * 60 - 1);
    if (!found || Math.abs(found.fired - due) > count / 30) throw new RangeError(`${found?.fired} of about ${due} moments fired`);
    const late = (name: string, value: number, goal: number | null): BenchResult => ({
      name: `${name}, 10,000 schedules in a minute, beside a durable commit`,
      value,
      unit: 'ms',
      limit: commits,
      ratio: value / commits,
      goal,
      met: goal === null ? null : value < goal,
    });
    return [
      late('lateness of a moment, p50', found.p50, null),
      late('lateness of a moment, p99', found.p99, 1_000),
      late('due to the first step, p99', found.begun, null),
    ];
  });
}

/** The median of a bare commit while the schedules fire. */
async function commitTimes({ address }: EngineSite): Promise<number> {
  const client = new pg.Client({ connectionString: address.ownerUrl });
  await client.connect();
  await client.query('create table bare_commit (at timestamptz)');
  const took: number[] = [];
  for (let at = 0; at < 51; at++) {
    const began = performance.now();
    await client.query('insert into bare_commit values (now())');
    took.push(performance.now() - began);
  }
  await client.query('drop table bare_commit');
  await client.end();
  return took.sort((a, b) => a - b)[25] ?? 0;
}
