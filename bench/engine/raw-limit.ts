// The most that this Postgres gives: batches of 200 by SKIP LOCKED, each job recorded by one insert, one commit a batch, and nothing else.
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';

const rows = 40_000;

/** @returns recorded jobs a second over so many connections */
export async function rawLimit({ address }: EngineSite, connections = 2): Promise<number> {
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
