// What comes from outside for a run: it ends the wait that it is for, or is kept until there is one. One transaction, under the run's lock.
import { TooMany } from '@tidewheel/contract/errors';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
import { endWait, keepSignal } from '../worker/wait.store.ts';
import { type Answerable, isAnswerable } from './answerable.ts';

export interface Arrival {
  run: string;
  kind: 'signal' | 'callback';
  name: string;
  data: unknown;
  who: string;
}

/** The step that goes on with it; null: it is kept. */
export interface Taken {
  workspaceId: string;
  number: number;
  step: string | null;
}

/** Of one run, as long as no step takes them. */
const mostKept = 100;

interface Locked extends Answerable {
  workspace_id: string;
  number: number;
}

/** @returns null when there is no such run; 'over' when it takes nothing any more. @throws TooMany */
export async function takeArrival(runner: Runner, { queue, ...arrival }: Arrival & { queue: JobQueue }): Promise<Taken | 'over' | null> {
  const locked = await lock(runner, arrival.run);
  if (!locked) return null;
  if (!isAnswerable(locked)) return 'over';
  const taken = { workspaceId: locked.workspace_id, number: locked.number };
  const step = await waitingFor(runner, arrival);
  if (step === null) {
    await refuseTooMany(runner, arrival.run);
    await keepSignal(runner, { workspace: locked.workspace_id, ...arrival });
    return { ...taken, step };
  }
  const { run, data, who } = arrival;
  const jobs = await endWait(runner, { run, step, answer: { by: 'answer', answer: data ?? null, who, at: new Date().toISOString() } });
  await queue.enqueue(runner, jobs);
  await runner.query(`select pg_notify('tidewheel_run', $1)`, [JSON.stringify({ w: locked.workspace_id, r: [run] })]);
  return { ...taken, step };
}

// As a commit locks it: a wait that is being opened at this moment is there afterwards, or finds what is kept here.
async function lock(runner: Runner, run: string): Promise<Locked | undefined> {
  const { rows } = await runner.query<Locked>('select workspace_id, state, cleans_up, cancel_forced, number from run where id = $1 for no key update', [run]);
  return rows[0];
}

/** Of several the one that waits longest. */
async function waitingFor(runner: Runner, { run, kind, name }: Arrival): Promise<string | null> {
  const { rows } = await runner.query<{ step: string }>(
    `select step_id as step from step_wait where run_id = $1 and kind = $2 and name = $3 and ended_at is null order by opened_at, step_id limit 1`,
    [run, kind, name],
  );
  return rows[0]?.step ?? null;
}

async function refuseTooMany(runner: Runner, run: string): Promise<void> {
  const { rows } = await runner.query<{ kept: number }>('select count(*)::int as kept from run_signal where run_id = $1 and taken_at is null', [run]);
  if ((rows[0]?.kept ?? 0) < mostKept) return;
  throw new TooMany('signal.too_many', `${mostKept} signals and callbacks are kept for this run already, and no step has taken them.`, {
    hint: 'Look at the names: a step takes only those of its own name, one at a time.',
  });
}
