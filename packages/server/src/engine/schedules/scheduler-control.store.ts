// The SQL of the scheduler's switch and figures. It asks about every workspace: only numbers leave it.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import { announceSchedules } from './schedules.store.ts';

type Engine = Kysely<Database> | Transaction<Database>;

export function findControl(engine: Engine) {
  return engine
    .selectFrom('scheduler_control')
    .select(['stopped_at', 'stopped_by', 'reason', sql<Date>`now()`.as('now')])
    .executeTakeFirstOrThrow();
}

export function lockControl(trx: Transaction<Database>) {
  return trx.selectFrom('scheduler_control').select(['stopped_at', 'stopped_by', 'reason']).forUpdate().executeTakeFirstOrThrow();
}

/** `by` null: it fires again. */
export async function saveControl(trx: Transaction<Database>, { by, reason }: { by: string | null; reason: string | null }): Promise<void> {
  await trx
    .updateTable('scheduler_control')
    .set({ stopped_at: by === null ? null : sql<Date>`now()`, stopped_by: by, reason })
    .execute();
  await announceSchedules(trx);
}

/** Those that beat. */
export function findProcesses(engine: Engine) {
  return engine
    .selectFrom('scheduler_process')
    .where('beat_at', '>', sql<Date>`now() - interval '30 seconds'`)
    .orderBy('started_at')
    .select(['id', 'host', 'pid', 'started_at', 'beat_at', 'fired'])
    .execute();
}

export async function countSchedules(engine: Engine) {
  const { rows } = await sql<{ active: number; paused: number; without_next: number; due: number; next_at: Date | null }>`
    select (count(*) filter (where paused_at is null))::int as active, (count(*) filter (where paused_at is not null))::int as paused,
      (count(*) filter (where paused_at is null and next_at is null))::int as without_next, (count(*) filter (where next_at <= now()))::int as due, min(next_at) as next_at
    from schedule where archived_at is null`.execute(engine);
  return rows[0] ?? { active: 0, paused: 0, without_next: 0, due: 0, next_at: null };
}

/** Since midnight UTC. What was fired by hand is never late. */
export async function countToday(engine: Engine) {
  const { rows } = await sql<{ fired: number; skipped: number; failed: number; late: number; p50: number | null; p99: number | null }>`
    with today as (select outcome, case when fired_by is null then extract(epoch from at - instant) * 1000 end as late
      from schedule_firing where at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
    select (count(*) filter (where outcome = 'fired'))::int as fired, (count(*) filter (where outcome = 'skipped'))::int as skipped,
      (count(*) filter (where outcome = 'failed'))::int as failed, (count(*) filter (where outcome = 'fired' and late > 1000))::int as late,
      round(percentile_cont(0.5) within group (order by late) filter (where outcome = 'fired'))::float8 as p50,
      round(percentile_cont(0.99) within group (order by late) filter (where outcome = 'fired'))::float8 as p99
    from today`.execute(engine);
  return rows[0] ?? { fired: 0, skipped: 0, failed: 0, late: 0, p50: null, p99: null };
}
