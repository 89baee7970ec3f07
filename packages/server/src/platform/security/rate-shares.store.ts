// All SQL about who is asked how often: a few rows in unlogged tables, gone within seconds.
import { sql } from 'kysely';
import type { SecurityDb } from './security.store.ts';

export interface Demand {
  key: string;
  perSecond: number;
}

/** Notes this process's demands and answers with those of all live processes, and how many these are. */
export async function shareDemand(
  db: SecurityDb,
  { processId, demands }: { processId: string; demands: Demand[] },
): Promise<{ live: number; totals: Map<string, number> }> {
  const keys = demands.map(({ key }) => key);
  const { rows: alive } = await sql<{ live: number }>`
    with me as (insert into rate_process (id) values (${processId}) on conflict (id) do update set seen_at = now()),
         gone as (delete from rate_process where seen_at < now() - interval '1 minute' and id <> ${processId})
    select 1 + count(*) as live from rate_process where seen_at > now() - interval '5 seconds' and id <> ${processId}`.execute(db);
  const live = alive[0]?.live ?? 1;
  if (keys.length === 0) return { live, totals: new Map() };
  await sql`
    insert into rate_demand (key, process_id, per_second)
    select key, ${processId}, per_second from unnest(${keys}::text[], ${demands.map(({ perSecond }) => perSecond)}::real[]) as told (key, per_second)
    on conflict (key, process_id) do update set per_second = excluded.per_second, noted_at = now()`.execute(db);
  const { rows } = await sql<{ key: string; total: number }>`
    with old as (delete from rate_demand where noted_at < now() - interval '1 minute')
    select key, sum(per_second)::float8 as total from rate_demand where key = any(${keys}) and noted_at > now() - interval '3 seconds' group by key`.execute(
    db,
  );
  return { live, totals: new Map(rows.map(({ key, total }) => [key, total])) };
}

export async function forgetProcess(db: SecurityDb, processId: string): Promise<void> {
  await sql`delete from rate_process where id = ${processId}`.execute(db);
}
