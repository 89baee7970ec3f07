// What "why" reads: of the run under row-level security, of workers and the switch as the engine, which sees all of them.
import type { StoredError } from '@tidewheel/contract/errors';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
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
    .select(['lease.unit', 'lease.claimed_at', 'worker.id as worker', 'worker.beat_at'])
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

/** What holds the run back as a whole. */
export async function findHold(reader: Reader, run: string) {
  return reader.selectFrom('run').where('id', '=', run).select(['workspace_id', 'paused_at', 'paused_by', 'held_at', 'gate', 'priority']).executeTakeFirst();
}

const mostShown = 20;

interface Seen {
  permitted: Expression<SqlBool>;
}

/** The runs that are through a gate, with whether whoever asks may see them. */
export function findThrough(reader: Reader, { gate, permitted }: { gate: string } & Seen) {
  return withFlow(reader)
    .where('run.gate', '=', gate)
    .where('run.finished_at', 'is', null)
    .where('run.held_at', 'is', null)
    .select(['run.id', 'run.number', sql<boolean>`${permitted}`.as('seen')])
    .orderBy('run.id')
    .limit(mostShown)
    .execute();
}

/** How many are held before this one. */
export async function countHeldBefore(reader: Reader, { gate, run, priority }: { gate: string; run: string; priority: number }): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from run where gate = ${gate} and held_at is not null and finished_at is null
      and (priority > ${priority} or (priority = ${priority} and id < ${run}::uuid))`.execute(reader);
  return rows[0]?.count ?? 0;
}

export function findParked(reader: Reader, run: string) {
  return reader.selectFrom('parked_job').where('run_id', '=', run).select(['id', 'unit', 'why', 'keys', 'since']).orderBy('since').limit(1_000).execute();
}

/** Of things that wait for slots: how many go before each, counted up to 10,000. In the order of `releaseParked`. */
export async function countSlotsBefore(reader: Reader, parked: string[]): Promise<Map<string, number>> {
  if (parked.length === 0) return new Map();
  const { rows } = await sql<{ id: string; ahead: number }>`
    select mine.id, (select count(*)::int from (
      select 1 from parked_job other where other.workspace_id = mine.workspace_id and other.why = 'slot' and other.keys && mine.keys
        and (other.priority > mine.priority or (other.priority = mine.priority and (other.run_id, other.unit) < (mine.run_id, mine.unit))) limit 10000) as before) as ahead
    from parked_job mine where mine.id = any(${parked}) and mine.why = 'slot'`.execute(reader);
  return new Map(rows.map(({ id, ahead }) => [id, ahead]));
}

/** Who has slots of these keys. */
export function findHolders(reader: Reader, { keys, permitted }: { keys: string[] } & Seen) {
  if (keys.length === 0) return Promise.resolve([]);
  return withFlow(reader)
    .innerJoin('slot', (join) => join.onRef('slot.workspace_id', '=', 'run.workspace_id').onRef('slot.run_id', '=', 'run.id'))
    .where('slot.key', 'in', keys)
    .select(['slot.key', 'slot.unit', 'slot.since', 'run.id', 'run.number', sql<boolean>`${permitted}`.as('seen')])
    .orderBy('slot.since')
    .limit(mostShown * 10)
    .execute();
}

/** Those below a step that failed. */
export function findFailedBelow(reader: Reader, { run, permitted }: { run: string } & Seen) {
  return withFlow(reader)
    .where('run.parent_id', '=', run)
    .where('run.state', '=', 'failed')
    .select(['run.id', 'run.number', 'run.parent_step', sql<boolean>`${permitted}`.as('seen')])
    .orderBy('run.id')
    .limit(mostShown)
    .execute();
}

export function findApprovals(reader: Reader, run: string) {
  return reader.selectFrom('approval').where('run_id', '=', run).where('ended_at', 'is', null).select(['id', 'approvers', 'quorum', 'requesters']).execute();
}

function withFlow(reader: Reader) {
  return reader.selectFrom('run').innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'));
}
