// Asks a run, and every run below it, to end. Whoever holds a part of it is told; what nobody holds is taken back here.
import type { RunState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storable, storableJson } from '../../base/text.ts';
import { inTransaction } from './claim.store.ts';
import { openGates } from './gate.store.ts';
import type { JobQueue, NewJob, Runner } from './job-queue.ts';
import { unpark } from './park.store.ts';
import { settleUnit } from './run-commit.ts';
import { type EndedRun, raisingEnds } from './run-news.store.ts';
import { tickParents } from './wait.store.ts';

export interface Cancelling {
  run: string;
  by: string;
  error: unknown;
  /** Who asks once more ends the cleaning up too. Else a run that is being cancelled is left to it. */
  mayForce?: boolean;
}

/** `state`: what it is in now. `forced`: it was being cancelled already, and is not cleaned up after any more. */
export interface Cancelled {
  state: RunState;
  before: RunState;
  number: number;
  forced: boolean;
  /** The runs below it that are to end too. What cleans up after it may start further ones. */
  below: string[];
}

interface Locked {
  workspace_id: string;
  state: RunState;
  number: number;
  event_seq: number;
  cleans_up: boolean;
  cancel_forced: boolean;
  gate: string | null;
  parent_id: string | null;
  parent_step: string | null;
}

/** Within a transaction. @returns null when the run had ended before, or is left to its cleaning up */
export async function cancelRun(runner: Runner, { queue, ...asking }: Cancelling & { queue: JobQueue }): Promise<Cancelled | null> {
  const locked = await lock(runner, asking.run);
  if (!locked || !['queued', 'running', 'cancelling'].includes(locked.state)) return null;
  const forced = locked.state === 'cancelling';
  if (forced && !asking.mayForce) return null;
  const cleansUp = locked.cleans_up && !forced && locked.state !== 'queued';
  // What cleans up may have begun already: whoever looks at it with the plan takes back the rest.
  if (cleansUp) await queue.enqueue(runner, await unpark(runner, { runs: [asking.run], why: 'paused' }));
  else await takeBack(runner, { queue, run: asking.run });
  // After that: a lease may end meanwhile and its job be queued again, and a run whose last job was taken back must not wait for a holder that is gone.
  const alive = await liveBelow(runner, { run: asking.run });
  const isHeld = alive.length > 0 || (await hasLeases(runner, asking.run));
  if (!isHeld && !cleansUp) await queue.withdraw(runner, asking.run);
  const leaves = !isHeld && !cleansUp;
  const state: RunState = leaves ? 'cancelled' : 'cancelling';
  await write(runner, { locked, asking, state, forced });
  if (leaves) await tellPeople(runner, { workspace: locked.workspace_id, run: asking.run });
  const jobs = leaves ? await endEffects(runner, { locked, run: asking.run }) : isHeld ? [] : [lookAtIt(locked, asking.run)];
  await queue.enqueue(runner, jobs);
  await runner.query(`select pg_notify('tidewheel_run', $1), pg_notify('tidewheel_cancel', $2)`, [
    JSON.stringify({ w: locked.workspace_id, r: [asking.run] }),
    `${asking.run}${forced ? ' forced' : ''}`,
  ]);
  const below = alive.filter((one) => forced || !one.cleansUp).map(({ id }) => id);
  return { state, before: locked.state, number: locked.number, forced, below };
}

interface CancellingBelow extends Pick<Cancelling, 'run' | 'by' | 'mayForce'> {
  queue: JobQueue;
  /** Only those that work for it. */
  step?: string | undefined;
  below?: string[] | undefined;
}

/** Those below a run that was asked to end, and below these. Each in a transaction of its own: a run may have ten thousand items. */
export async function cancelBelow(pool: pg.Pool, { queue, run, by, step, below, mayForce = false }: CancellingBelow): Promise<void> {
  for (const id of below ?? (await liveBelow(pool, { run, step })).filter((one) => step || mayForce || !one.cleansUp).map((one) => one.id)) {
    const asked = await inTransaction(pool, (client) => cancelRun(client, { queue, run: id, by, error: null, mayForce }));
    await cancelBelow(pool, { queue, run: id, by, below: asked?.below, mayForce });
  }
}

/** `cleansUp`: it works for a step that cleans up after its run. */
interface Below {
  id: string;
  cleansUp: boolean;
}

async function liveBelow(runner: Pick<Runner, 'query'> | pg.Pool, { run, step }: { run: string; step?: string | undefined }): Promise<Below[]> {
  const { rows } = await runner.query<Below>(
    `select r.id, coalesce(w.data -> 'cleansUp' = 'true', false) as "cleansUp" from run r
     left join step_wait w on w.run_id = r.parent_id and w.step_id = r.parent_step and w.kind = 'children'
     where r.parent_id = $1 and r.finished_at is null and ($2::text is null or r.parent_step = $2) order by r.id`,
    [run, step ?? null],
  );
  return rows;
}

async function lock(runner: Runner, run: string): Promise<Locked | undefined> {
  const { rows } = await runner.query<Locked>(
    `select workspace_id, state, number, event_seq, cleans_up, cancel_forced, gate, parent_id, parent_step from run where id = $1 for no key update`,
    [run],
  );
  return rows[0];
}

async function hasLeases(runner: Runner, run: string): Promise<boolean> {
  const { rows } = await runner.query<{ held: boolean }>('select exists (select from lease where run_id = $1) as held', [run]);
  return rows[0]?.held === true;
}

/** What is queued, parked or waited for. Waits for runs below it stay: their ends lead back to it. Their ticks are taken back with the jobs, so the next end ticks anew. */
export async function takeBack(runner: Runner, { queue, run }: { queue: JobQueue; run: string }): Promise<void> {
  // Waits first: what ends one makes its job in the same transaction.
  await runner.query(`update step_wait set ended_at = now() where run_id = $1 and ended_at is null and kind <> 'children'`, [run]);
  await runner.query('delete from parked_job where run_id = $1', [run]);
  await queue.withdraw(runner, run);
  await runner.query('update step_wait set tick_at = null where run_id = $1 and tick_at is not null', [run]);
}

async function write(
  runner: Runner,
  { locked, asking, state, forced }: { locked: Locked; asking: Cancelling; state: RunState; forced: boolean },
): Promise<void> {
  const error = asking.error ? storableJson(asking.error) : null;
  await runner.query(
    `update run set state = $2, event_seq = event_seq + 1, error = coalesce($3::jsonb, error), cancel_forced = cancel_forced or $4, paused_at = null, held_at = null,
       cancelling_at = case when $2 = 'cancelling' then now() end, finished_at = case when $2 = 'cancelled' then now() end where id = $1`,
    [asking.run, state, error, forced],
  );
  if (state === 'cancelled')
    await runner.query(
      `update step_run set state = 'cancelled', reason = 'the run was cancelled', finished_at = now()
       where run_id = $1 and state not in ('succeeded', 'failed', 'skipped', 'cancelled', 'compensated')`,
      [asking.run],
    );
  await runner.query(`insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) values ($1, $2, $3, now(), $4, null, $5)`, [
    locked.workspace_id,
    asking.run,
    locked.event_seq + 1,
    `run.${state}`,
    storableJson({ by: storable(asking.by), ...(forced ? { forced } : {}) }),
  ]);
}

async function endEffects(runner: Runner, { locked, run }: { locked: Locked; run: string }): Promise<NewJob[]> {
  const { parent_id, parent_step, gate, workspace_id } = locked;
  await runner.query(`update step_wait set ended_at = now() where run_id = $1 and ended_at is null`, [run]);
  const parents = parent_id && parent_step ? [{ run: parent_id, step: parent_step, attempt: 0, item: 0 }] : [];
  return [...(await tickParents(runner, parents)), ...(await openGates(runner, gate ? [{ workspace: workspace_id, gate }] : []))];
}

async function tellPeople(runner: Runner, ended: EndedRun): Promise<void> {
  const { text, values } = raisingEnds([ended]);
  await runner.query(text, values);
}

/** Nobody holds anything of it, but something is to be undone or run at its end. */
function lookAtIt({ workspace_id: workspace }: Locked, run: string): NewJob {
  return { workspace, run, unit: settleUnit, attempt: 1, tag: 'default', priority: 0 };
}
