// What several actions do to jobs, leases and slots: the statements of job-queue.ts and commit.store.ts.
import type { Without } from './guards.ts';
import { freshJobId, type Shape, type State, type Transaction, type Worker } from './state.ts';

export const limitedBy = (shape: Shape, unit: number) => shape.units[unit]?.limited === true;

/** A plan along one line says by its results how far a lease has come (decide.ts, isLine). */
export function isLine({ units }: Shape): boolean {
  return units.filter((unit) => unit.after.length === 0).length === 1 && units.every((_, at) => units.filter((unit) => unit.after.includes(at)).length <= 1);
}

/** Ends leases of any worker by the id of their job, as `delete from lease where job_id = …` does; their slots go with them. */
export function dropLease(state: State, job: number, without: Without): void {
  for (const worker of state.workers) worker.leases = worker.leases.filter((lease) => lease.job !== job);
  if (!without.has('slotWithLease')) freeSlot(state, job);
}

export function freeSlot(state: State, job: number): void {
  state.slots = state.slots.filter((held) => held !== job);
}

/** Puts the jobs of a worker's leases back for anyone, as new ones, each at the unit its lease had come to (JobQueue.giveBack). */
export function giveBack(state: State, worker: Worker, without: Without): void {
  const leases = worker.leases;
  for (const lease of leases) {
    dropLease(state, lease.job, without);
    state.jobs.push({ id: freshJobId(state), unit: lease.unit });
  }
}

export function enqueue(state: State, unit: number): void {
  state.jobs.push({ id: freshJobId(state), unit });
  state.steps[unit] = state.steps[unit] === 'answered' ? 'answered' : 'ready';
}

/** Lets the first parked unit in (the release of a slot, after the key was counted under its lock). */
export function letIn(state: State): void {
  const unit = state.parked.shift();
  if (unit !== undefined) enqueue(state, unit);
}

const isOpen = (transaction: Transaction | null, ...kinds: Transaction['kind'][]) => transaction?.phase === 'open' && kinds.includes(transaction.kind);

export const runIsLocked = (state: State) => state.cancel !== null || state.workers.some((worker) => isOpen(worker.transaction, 'flush'));
export const keyIsLocked = (state: State) => state.workers.some((worker) => isOpen(worker.transaction, 'acquire', 'release'));
export const jobIsLocked = (state: State, job: number) =>
  state.workers.some((worker) => isOpen(worker.transaction, 'claim') && worker.transaction?.job === job);
export const isClaiming = (state: State) => state.workers.some((worker) => isOpen(worker.transaction, 'claim'));

/** Whether a transaction of this worker has its row locked, so that no supervisor can bury it (for update skip locked). */
export function rowIsLocked({ transaction }: Worker, without: Without): boolean {
  return (
    (isOpen(transaction, 'claim') && !without.has('claimFence')) ||
    (isOpen(transaction, 'flush') && !without.has('flushFence')) ||
    (isOpen(transaction, 'acquire') && !without.has('slotFence'))
  );
}
