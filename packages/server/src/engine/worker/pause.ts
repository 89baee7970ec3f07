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

/** `changed`: false when it was so already. */
export interface Paused {
  state: RunState;
  number: number;
  changed: boolean;
}

interface Locked {
  workspace_id: string;
  state: RunState;
  number: number;
  event_seq: number;
  paused_at: Date | null;
}

/** Within a transaction. @returns null when the run has ended or is being cancelled */
export async function pauseRun(runner: Runner, { queue, run, by }: Pausing & { queue: JobQueue }): Promise<Paused | null> {
  const locked = await lock(runner, run);
  if (!locked || !isGoing(locked)) return null;
  if (locked.paused_at === null) {
    await runner.query('update run set paused_at = now(), paused_by = $2 where id = $1', [run, storable(by)]);
    await tell(runner, { locked, run, by, type: 'run.paused' });
  }
  await park(runner, { jobs: await queue.takeBack(runner, [run]), why: 'paused' });
  return { state: locked.state, number: locked.number, changed: locked.paused_at === null };
}

/** Within a transaction. @returns null when the run has ended or is being cancelled */
export async function resumeRun(runner: Runner, { queue, run, by }: Pausing & { queue: JobQueue }): Promise<Paused | null> {
  const locked = await lock(runner, run);
  if (!locked || !isGoing(locked)) return null;
  if (locked.paused_at === null) return { state: locked.state, number: locked.number, changed: false };
  await runner.query('update run set paused_at = null, paused_by = null where id = $1', [run]);
  await tell(runner, { locked, run, by, type: 'run.resumed' });
  await queue.enqueue(runner, [...(await unpark(runner, { runs: [run], why: 'paused' })), ...(await lookBelow(runner, run))]);
  return { state: locked.state, number: locked.number, changed: true };
}

/** The same for those below, and below these; each in a transaction of its own, as for cancelling. @returns how many changed */
export async function belowToo(pool: pg.Pool, { what, run, by, queue }: Pausing & { what: typeof pauseRun; queue: JobQueue }): Promise<number> {
  let changed = 0;
  const { rows } = await pool.query<{ id: string }>('select id from run where parent_id = $1 and finished_at is null order by id', [run]);
  for (const { id } of rows) {
    const done = await inTransaction(pool, (client) => what(client, { queue, run: id, by }));
    if (done?.changed) changed++;
    changed += await belowToo(pool, { what, run: id, by, queue });
  }
  return changed;
}

/** Jobs and the mark of their run are written by different transactions now and then: what came into the queue of a paused run is parked, what is parked of one that goes on is queued. */
export async function sortPaused(pool: pg.Pool, queue: JobQueue): Promise<void> {
  const paused = await pool.query<{ id: string }>('select id from run where paused_at is not null and finished_at is null limit 1000');
  for (const { id } of paused.rows) {
    if (await queue.hasWaiting(pool, id)) {
      await inTransaction(pool, async (client) => {
        const locked = await lock(client, id);
        if (locked?.paused_at) await park(client, { jobs: await queue.takeBack(client, [id]), why: 'paused' });
      });
    }
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
  const { rows } = await runner.query<Locked>('select workspace_id, state, number, event_seq, paused_at from run where id = $1 for no key update', [run]);
  return rows[0];
}

function isGoing({ state }: Locked): boolean {
  return state === 'queued' || state === 'running';
}

async function tell(runner: Runner, { locked, run, by, type }: Pausing & { locked: Locked; type: 'run.paused' | 'run.resumed' }): Promise<void> {
  await runner.query('update run set event_seq = event_seq + 1 where id = $1', [run]);
  await runner.query('insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) values ($1, $2, $3, now(), $4, null, $5)', [
    locked.workspace_id,
    run,
    locked.event_seq + 1,
    type,
    storableJson({ by: storable(by) }),
  ]);
  await runner.query(`select pg_notify('tidewheel_run', $1)`, [JSON.stringify({ w: locked.workspace_id, r: [run] })]);
}

/** While it was paused its steps began no further runs below them. */
async function lookBelow(runner: Runner, run: string): Promise<NewJob[]> {
  const { rows } = await runner.query<{ step_id: string }>(`select step_id from step_wait where run_id = $1 and kind = 'children' and ended_at is null`, [run]);
  return tickParents(
    runner,
    rows.map(({ step_id: step }) => ({ run, step, attempt: 0, item: 0 })),
  );
}
