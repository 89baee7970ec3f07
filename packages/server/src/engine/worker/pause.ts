// Holds a run back, with every run below it, and lets it go on. What runs now ends; what would begin is parked.
import type { RunState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storable, storableJson } from '../../base/text.ts';
import { inTransaction } from './claim.store.ts';
import type { JobQueue, NewJob, Runner } from './job-queue.ts';
import { park, unpark } from './park.store.ts';
import { tickParents } from './wait.store.ts';

export interface Pausing {
  run: string;
  by: string;
}

/** `changed`: false when it was so already. `passesOn`: the number of the event that those below it are to follow. */
export interface Paused {
  state: RunState;
  number: number;
  changed: boolean;
  passesOn: number | null;
}

interface Locked {
  workspace_id: string;
  state: RunState;
  number: number;
  event_seq: number;
  paused_at: Date | null;
  passes_on: number | null;
}

/** Within a transaction. @returns null when the run has ended or is being cancelled */
export async function pauseRun(runner: Runner, { queue, run, by }: Pausing & { queue: JobQueue }): Promise<Paused | null> {
  const locked = await lock(runner, run);
  if (!locked || !isGoing(locked)) return null;
  const changed = locked.paused_at === null;
  if (changed) await runner.query('update run set paused_at = now(), paused_by = $2 where id = $1', [run, storable(by)]);
  const passesOn = changed ? await tell(runner, { locked, run, by, type: 'run.paused' }) : locked.passes_on;
  await park(runner, { jobs: await queue.takeBack(runner, [run]), why: 'paused' });
  return { state: locked.state, number: locked.number, changed, passesOn };
}

/** Within a transaction. @returns null when the run has ended or is being cancelled */
export async function resumeRun(runner: Runner, { queue, run, by }: Pausing & { queue: JobQueue }): Promise<Paused | null> {
  const locked = await lock(runner, run);
  if (!locked || !isGoing(locked)) return null;
  if (locked.paused_at === null) return { state: locked.state, number: locked.number, changed: false, passesOn: locked.passes_on };
  await runner.query('update run set paused_at = null, paused_by = null where id = $1', [run]);
  const passesOn = await tell(runner, { locked, run, by, type: 'run.resumed' });
  await queue.enqueue(runner, [...(await unpark(runner, { runs: [run], why: 'paused' })), ...(await lookBelow(runner, run))]);
  return { state: locked.state, number: locked.number, changed: true, passesOn };
}

interface PassingOn extends Pausing {
  what: typeof pauseRun;
  queue: JobQueue;
  passesOn: number | null;
}

/** The same for those below, and below these; each in a transaction of its own, as for cancelling. Whoever ends half-way is found by what is left in `passes_on`. @returns how many changed */
export async function belowToo(pool: pg.Pool, { what, run, by, queue, passesOn }: PassingOn): Promise<number> {
  let changed = 0;
  const { rows } = await pool.query<{ id: string }>('select id from run where parent_id = $1 and finished_at is null order by id', [run]);
  for (const { id } of rows) {
    const done = await inTransaction(pool, async (client) => {
      // After the lock of the one below: whoever changes the one above comes to this one later.
      const isLate = (await lock(client, id)) !== undefined && (await isPaused(client, run)) !== (what === pauseRun);
      return isLate ? null : what(client, { queue, run: id, by });
    });
    if (done?.changed) changed++;
    changed += await belowToo(pool, { what, run: id, by, queue, passesOn: done?.passesOn ?? null });
  }
  if (passesOn !== null) await pool.query('update run set passes_on = null where id = $1 and passes_on = $2', [run, passesOn]);
  return changed;
}

interface Unfinished {
  id: string;
  passes_on: number;
  type: string;
  by: string;
}

/** Goes on where the process ended that was about it: what is below a paused run would go on, or stay paused for ever below one that goes on. */
export async function passOnUnfinished({ pool, queue }: { pool: pg.Pool; queue: JobQueue }): Promise<void> {
  const { rows } = await pool.query<Unfinished>(
    `select r.id, r.passes_on, e.type, e.data ->> 'by' as by from run r join run_event e on e.run_id = r.id and e.seq = r.passes_on
     where r.passes_on is not null and e.at < now() - interval '10 seconds' limit 100`,
  );
  for (const { id: run, by, passes_on: passesOn, type } of rows)
    await belowToo(pool, { what: type === 'run.paused' ? pauseRun : resumeRun, run, by, queue, passesOn });
}

/** Jobs and the mark of their run are written by different transactions now and then: what came into the queue of a paused run is parked, what is parked of one that goes on is queued. */
export async function sortPaused(pool: pg.Pool, queue: JobQueue): Promise<void> {
  const paused = await pool.query<{ id: string }>('select id from run where paused_at is not null and finished_at is null');
  const waiting = await queue.withWaiting(
    pool,
    paused.rows.map(({ id }) => id),
  );
  for (const id of waiting) {
    await inTransaction(pool, async (client) => {
      const locked = await lock(client, id);
      if (locked?.paused_at) await park(client, { jobs: await queue.takeBack(client, [id]), why: 'paused' });
    });
  }
  const parked = await pool.query<{ id: string }>(
    `select distinct r.id from parked_job p join run r on r.id = p.run_id where p.why = 'paused' and r.paused_at is null and r.finished_at is null limit 100`,
  );
  for (const { id } of parked.rows) {
    await inTransaction(pool, async (client) => {
      const locked = await lock(client, id);
      if (locked && locked.paused_at === null) await queue.enqueue(client, await unpark(client, { runs: [id], why: 'paused' }));
    });
  }
}

async function lock(runner: Runner, run: string): Promise<Locked | undefined> {
  const { rows } = await runner.query<Locked>('select workspace_id, state, number, event_seq, paused_at, passes_on from run where id = $1 for no key update', [
    run,
  ]);
  return rows[0];
}

async function isPaused(runner: Runner, run: string): Promise<boolean> {
  const { rowCount } = await runner.query('select from run where id = $1 and paused_at is not null', [run]);
  return rowCount === 1;
}

function isGoing({ state }: Locked): boolean {
  return state === 'queued' || state === 'running';
}

/** @returns the number of the event where there are runs below it that are to follow */
async function tell(runner: Runner, { locked, run, by, type }: Pausing & { locked: Locked; type: 'run.paused' | 'run.resumed' }): Promise<number | null> {
  const { rows } = await runner.query<{ passes_on: number | null }>(
    `update run set event_seq = event_seq + 1, passes_on = case when exists (select from run below where below.parent_id = $1 and below.finished_at is null) then event_seq + 1 end
     where id = $1 returning passes_on`,
    [run],
  );
  await runner.query('insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) values ($1, $2, $3, now(), $4, null, $5)', [
    locked.workspace_id,
    run,
    locked.event_seq + 1,
    type,
    storableJson({ by: storable(by) }),
  ]);
  await runner.query(`select pg_notify('tidewheel_run', $1)`, [JSON.stringify({ w: locked.workspace_id, r: [run] })]);
  return rows[0]?.passes_on ?? null;
}

/** While it was paused its steps began no further runs below them. */
async function lookBelow(runner: Runner, run: string): Promise<NewJob[]> {
  const { rows } = await runner.query<{ step_id: string }>(`select step_id from step_wait where run_id = $1 and kind = 'children' and ended_at is null`, [run]);
  return tickParents(
    runner,
    rows.map(({ step_id: step }) => ({ run, step, attempt: 0, item: 0 })),
  );
}
