// What "why" reads: of the run under row-level security, of workers and the switch as the engine, which sees all of them.
import type { StoredError } from '@tidewheel/contract/errors';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

export function findStepStates(reader: Reader, run: string) {
  return reader
    .selectFrom('step_run')
    .where('run_id', '=', run)
    .select(['step_id', 'state', 'reason', 'attempt', 'started_at', 'finished_at', 'error'])
    .execute();
}

export interface TellingEvent {
  at: Date;
  type: string;
  step_id: string | null;
  data: { by?: string; attempt?: number; at?: string; error?: StoredError };
}
const mostEvents = 5_000;

/** The newest retries and whatever asked for the end, oldest first. */
export async function findTellingEvents(reader: Reader, run: string): Promise<TellingEvent[]> {
  const rows = await reader
    .selectFrom('run_event')
    .where('run_id', '=', run)
    .where('type', 'in', ['step.retrying', 'run.cancelling', 'run.cancelled'])
    .orderBy('seq', 'desc')
    .limit(mostEvents)
    .select(['at', 'type', 'step_id', 'data'])
    .execute();
  return rows.reverse();
}

export function findLeases(reader: Reader, run: string) {
  return reader
    .selectFrom('lease')
    .innerJoin('worker', 'worker.id', 'lease.worker_id')
    .where('lease.run_id', '=', run)
    .orderBy('lease.claimed_at')
    .select(['lease.job_id as job', 'lease.queue', 'lease.unit', 'lease.claimed_at', 'worker.id as worker', 'worker.beat_at'])
    .execute();
}

export async function findWorkersWith(engine: Kysely<Database>, tags: string[]) {
  const { rows } = await sql<{ id: string; tags: string[]; concurrency: number; held: number; drain_at: Date | null; drain_by: string | null; beat_at: Date }>`
    select w.id, w.tags, w.concurrency, w.drain_at, w.drain_by, w.beat_at, (select count(*) from lease l where l.worker_id = w.id) as held
    from worker w where w.dead_at is null and w.tags && ${tags}::text[] order by w.id limit 1000`.execute(engine);
  return rows;
}

/** The database's clock goes along: times are compared with it, not with this process's. */
export async function findSwitch(engine: Kysely<Database>) {
  return engine
    .selectFrom('engine_control')
    .select(['paused_at', 'paused_by', 'pause_reason', sql<Date>`now()`.as('now')])
    .executeTakeFirstOrThrow();
}
