// The most that this Postgres gives: batches of 200 by SKIP LOCKED, each job recorded by one insert, and nothing else.
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';

const rows = 40_000;

/** Claimed and recorded in one transaction, as if nothing had to run between the two. @returns recorded jobs a second over so many connections */
export function rawLimit(site: EngineSite, connections = 2): Promise<number> {
  return measured(site, { connections, drain: drainAtOnce });
}

/** Claimed in one transaction, recorded and ended in another: what runs between the two is somebody's, and comes back when he dies. @returns as `rawLimit` */
export function rawLeaseLimit(site: EngineSite, connections = 2): Promise<number> {
  return measured(site, { connections, drain: drainByLease });
}

async function measured({ address }: EngineSite, { connections, drain }: { connections: number; drain(pool: pg.Pool): Promise<void> }): Promise<number> {
  const pool = new pg.Pool({ connectionString: address.ownerUrl, max: connections });
  try {
    await pool.query(
      'create table raw_job (id bigint primary key, state int not null default 0, data jsonb); create table raw_step (job bigint primary key, at timestamptz default now(), output jsonb)',
    );
    await pool.query(`insert into raw_job (id, data) select n, '{"unit": "a"}' from generate_series(1, $1::int) n`, [rows]);
    await pool.query('create index on raw_job (id) where state = 0; analyze raw_job');
    const began = performance.now();
    await Promise.all(Array.from({ length: connections }, () => drain(pool)));
    return (rows * 1_000) / (performance.now() - began);
  } finally {
    await pool.query('drop table if exists raw_job, raw_step');
    await pool.end();
  }
}

const claim = {
  name: 'raw-claim',
  text: 'update raw_job set state = 1 where id = any(array(select id from raw_job where state = 0 order by id for update skip locked limit 200)) returning id',
};
const record = { name: 'raw-record', text: `insert into raw_step (job, output) select id, '{}' from unnest($1::bigint[]) id` };
const end = { name: 'raw-end', text: 'update raw_job set state = 2 where id = any($1::bigint[])' };

async function drainAtOnce(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (let claimed = 1; claimed > 0; ) {
      await client.query('begin');
      const { rows: jobs } = await client.query<{ id: number }>(claim);
      await client.query({ ...record, values: [jobs.map(({ id }) => id)] });
      await client.query('commit');
      claimed = jobs.length;
    }
  } finally {
    client.release();
  }
}

async function drainByLease(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (let claimed = 1; claimed > 0; ) {
      const { rows: jobs } = await client.query<{ id: number }>(claim);
      const values = [jobs.map(({ id }) => id)];
      await client.query('begin');
      await client.query({ ...record, values });
      await client.query({ ...end, values });
      await client.query('commit');
      claimed = jobs.length;
    }
  } finally {
    client.release();
  }
}

/** One connection that commits one row after another: what a chain of steps, each durable before the next begins, can be at most. */
export async function rawCommits({ address }: EngineSite): Promise<number> {
  const client = new pg.Client({ connectionString: address.ownerUrl });
  await client.connect();
  try {
    await client.query('create table raw_commit (id bigint primary key, at timestamptz default now())');
    const began = performance.now();
    for (let id = 0; id < 1_000; id++) await client.query({ name: 'raw-commit', text: 'insert into raw_commit (id) values ($1)', values: [id] });
    return 1_000_000 / (performance.now() - began);
  } finally {
    await client.query('drop table if exists raw_commit');
    await client.end();
  }
}
