// What steps did, written down in a database beside the engine's, and what is wrong with it.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EngineSite } from './engine-site.ts';

/** A step that writes down what it did. */
export const effectStep = (more: object, ms = 60) => ({
  use: 'test.effect',
  with: { ms, ...(more as { with?: object }).with },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'with')),
});

/** A database for what steps did, beside the engine's. @returns its address */
export async function makeEffects({ address }: EngineSite): Promise<string> {
  const owner = new pg.Client({ connectionString: address.ownerUrl });
  await owner.connect();
  await owner.query('create database effects');
  await owner.end();
  const url = new URL(address.ownerUrl);
  url.pathname = '/effects';
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  await client.query('create table effect (run uuid not null, step text not null, attempt int not null, began timestamptz not null)');
  await client.end();
  return url.toString();
}

export async function settleDown({ databases }: EngineSite): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 100) {
    const { rows } = await databases.enginePool.query<{ open: number }>('select count(*) as open from run where finished_at is null');
    if (rows[0]?.open === 0) return;
    await sleep(100);
  }
}

export interface Judgement {
  /** Runs that did not succeed. */
  lost: number;
  /** Steps that began again after their result was recorded, or whose success was recorded twice. */
  repeated: number;
  findings: string[];
}

export async function judge({ databases }: EngineSite, effectsUrl: string): Promise<Judgement> {
  const pool = databases.enginePool;
  const lost = await pool.query<{ id: string; state: string; why: string | null }>(
    `select id, state, error ->> 'message' as why from run where state <> 'succeeded'`,
  );
  const twice = await pool.query<{ run_id: string; step_id: string }>(
    `select run_id, step_id from run_event where type = 'step.succeeded' group by 1, 2 having count(*) > 1`,
  );
  const recorded = await pool.query<{ run_id: string; step_id: string; finished_at: Date }>(
    `select run_id, step_id, finished_at from step_run where state = 'succeeded'`,
  );
  const gaps = await pool.query<{ id: string }>(
    'select r.id from run r join run_event e on e.run_id = r.id group by r.id having count(*) <> r.event_seq or max(e.seq) <> r.event_seq',
  );
  const left = await pool.query<{ leases: number; jobs: number }>(
    `select (select count(*) from lease) as leases, (select count(*) from pgboss.job where state < 'completed') as jobs`,
  );
  const again = await beganAgain(effectsUrl, recorded.rows);
  return {
    lost: lost.rows.length,
    repeated: twice.rows.length + again.length,
    findings: [
      ...lost.rows.map((row) => `run ${row.id} is ${row.state}: ${row.why}`),
      ...twice.rows.map((row) => `${row.run_id} ${row.step_id} succeeded twice`),
      ...again,
      ...gaps.rows.map((row) => `run ${row.id} has a gap in its events`),
      ...left.rows.filter((row) => row.leases + row.jobs > 0).map((row) => `left behind: ${row.leases} leases, ${row.jobs} jobs`),
    ],
  };
}

async function beganAgain(effectsUrl: string, recorded: { run_id: string; step_id: string; finished_at: Date }[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: effectsUrl });
  await client.connect();
  const { rows } = await client.query<{ run: string; step: string; last: Date }>('select run, step, max(began) as last from effect group by 1, 2');
  await client.end();
  const finished = new Map(recorded.map((row) => [`${row.run_id} ${row.step_id}`, row.finished_at]));
  return rows
    .filter((row) => row.last > (finished.get(`${row.run} ${row.step}`) ?? row.last))
    .map((row) => `${row.run} ${row.step} began again after its result was recorded`);
}
