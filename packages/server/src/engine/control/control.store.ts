// The SQL of who works with what, and of the switches that workers follow.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';

type Engine = Kysely<Database> | Transaction<Database>;

export function findControl(engine: Engine) {
  return engine
    .selectFrom('engine_control')
    .select(['paused_at', 'paused_by', 'pause_reason', sql<Date>`now()`.as('now')])
    .executeTakeFirstOrThrow();
}

export function lockControl(trx: Transaction<Database>) {
  return trx.selectFrom('engine_control').select(['paused_at', 'paused_by', 'pause_reason']).forUpdate().executeTakeFirstOrThrow();
}

/** `by` null: work is taken again. */
export function savePause(trx: Transaction<Database>, { by, reason }: { by: string | null; reason: string | null }) {
  return trx
    .updateTable('engine_control')
    .set({ paused_at: by === null ? null : sql<Date>`now()`, paused_by: by, pause_reason: reason })
    .returning(['paused_at', 'paused_by', 'pause_reason'])
    .executeTakeFirstOrThrow();
}

/** Of one worker that is not declared dead, locked until the transaction ends. */
export function lockWorker(trx: Transaction<Database>, id: string) {
  return trx
    .selectFrom('worker')
    .where('id', '=', id)
    .where('dead_at', 'is', null)
    .select(['id', 'host', 'pid', 'drain_at', 'drain_by'])
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function saveDrain(trx: Transaction<Database>, { id, by }: { id: string; by: string | null }): Promise<void> {
  await trx
    .updateTable('worker')
    .set({ drain_at: by === null ? null : sql<Date>`now()`, drain_by: by })
    .where('id', '=', id)
    .execute();
}

export async function countHeld(engine: Engine, worker: string): Promise<number> {
  const { held } = await engine.selectFrom('lease').where('worker_id', '=', worker).select(sql<number>`count(*)`.as('held')).executeTakeFirstOrThrow();
  return held;
}

/** Tells workers to look at once; without it they see the change with their next beat. */
export async function announceControl(trx: Transaction<Database>, worker: string): Promise<void> {
  await sql`select pg_notify('tidewheel_engine', ${worker})`.execute(trx);
}

const mostWorkers = 1_000;

export function findWorkers(engine: Engine) {
  return engine
    .selectFrom('worker')
    .where('dead_at', 'is', null)
    .orderBy('started_at')
    .orderBy('id')
    .limit(mostWorkers)
    .select(['id', 'host', 'pid', 'version', 'tags', 'concurrency', 'rates', 'started_at', 'beat_at', 'drain_at', 'drain_by'])
    .select((row) => row.selectFrom('lease').whereRef('lease.worker_id', '=', 'worker.id').select(sql<number>`count(*)`.as('held')).as('held'))
    .execute();
}

export function countHeldByQueue(engine: Engine) {
  return engine
    .selectFrom('lease')
    .groupBy('queue')
    .select(['queue', sql<number>`count(*)`.as('held')])
    .execute();
}

/** What has not ended. Each count reads an index of what is open, never what is over. */
export async function countBacklog(engine: Kysely<Database>) {
  const [runs, held, waits, parked] = await Promise.all([
    engine
      .selectFrom('run')
      .where('finished_at', 'is', null)
      .groupBy('state')
      .select(['state', sql<number>`count(*)`.as('count'), sql<number>`count(*) filter (where paused_at is not null)`.as('paused')])
      .execute(),
    engine
      .selectFrom('run')
      .where('gate', 'is not', null)
      .where('finished_at', 'is', null)
      .where('held_at', 'is not', null)
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow(),
    engine
      .selectFrom('step_wait')
      .where('ended_at', 'is', null)
      .groupBy('kind')
      .select(['kind', sql<number>`count(*)`.as('count')])
      .execute(),
    engine
      .selectFrom('parked_job')
      .groupBy('why')
      .select(['why', sql<number>`count(*)`.as('count')])
      .execute(),
  ]);
  return { runs, held: held.count, waits, parked };
}

const mostSteps = 2_000;

/** The steps that workers run, of every workspace, with what rules can say of their runs. */
export function findRunning(engine: Engine) {
  return engine
    .selectFrom('lease')
    .innerJoin('run', 'run.id', 'lease.run_id')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .innerJoin('step_run', (join) => join.onRef('step_run.run_id', '=', 'lease.run_id').onRef('step_run.worker_id', '=', 'lease.worker_id'))
    .where('step_run.state', '=', 'running')
    .distinct()
    .orderBy('step_run.started_at')
    .limit(mostSteps)
    .select(['run.workspace_id', 'run.started_by', 'flow.folder', 'flow.kind'])
    .select(['lease.worker_id as worker', 'run.id as run', 'run.number', 'flow.slug as flow', 'step_run.step_id as step', 'step_run.started_at'])
    .execute();
}
