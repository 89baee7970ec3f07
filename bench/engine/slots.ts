// Two slots on each of five keys, asked for by four processes: how many steps a second, and how many ever ran at once by what the steps wrote down themselves.
import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { drained, inTurns, withWorkers } from './load.ts';

const keys = ['k0', 'k1', 'k2', 'k3', 'k4'];
const slots = 2;
const holdMs = 20;
const runs = 80;
/** Steps a second when no slot is ever empty. */
const possible = (keys.length * slots * 1_000) / holdMs;

export async function slotKeys(site: EngineSite): Promise<BenchResult[]> {
  const effectsUrl = await makeNotebook(site);
  const slug = await site.apply(
    Object.fromEntries(keys.map((key) => [key, { use: 'test.held', with: { key, ms: holdMs }, limit: { key: `bench-${key}`, slots } }])),
  );
  const drain = (workers: ChildProcess[]) =>
    inTurns(
      3,
      () => drained(site, { slug, workers, runs, steps: keys.length }),
      async () => possible,
    );
  const { value } = await withWorkers(site, 4, drain, effectsUrl);
  const most = await mostAtOnce(effectsUrl);
  return [
    {
      name: '2 slots on each of 5 keys by 4 processes, beside what 20 ms in a slot allow',
      unit: 'steps/s',
      value,
      limit: possible,
      ratio: value / possible,
      goal: null,
      met: null,
    },
    { name: 'most that ever ran at once under one key', unit: 'steps', value: most, limit: slots, ratio: most / slots, goal: slots, met: most <= slots },
  ];
}

async function mostAtOnce(url: string): Promise<number> {
  const { rows } = await onDatabase(url, (client) =>
    client.query<{ most: number; held: number }>(
      `with change as (select key, began as at, 1 as by from held union all select key, ended, -1 from held)
       select max(running)::int as most, (select count(*)::int from held where ended is not null) as held
       from (select sum(by) over (partition by key order by at, by) as running from change) as counted`,
    ),
  );
  if ((rows[0]?.held ?? 0) < runs * keys.length) throw new RangeError(`only ${rows[0]?.held} steps wrote down that they ran`);
  return rows[0]?.most ?? Number.NaN;
}

/** A database beside the engine's, in which steps write down from when to when they ran. @returns its address */
async function makeNotebook({ address }: EngineSite): Promise<string> {
  await onDatabase(address.ownerUrl, (client) => client.query('create database notebook'));
  const url = new URL(address.ownerUrl);
  url.pathname = '/notebook';
  await onDatabase(url.href, (client) =>
    client.query('create table held (id bigserial primary key, key text not null, began timestamptz not null, ended timestamptz)'),
  );
  return url.href;
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
