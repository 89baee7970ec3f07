// One turn of a lease: the unit it is at is run, and how it came out is committed.
import { Bug, toStoredError } from '@tidewheel/contract/errors';
import { redactor } from '../../base/redactor.ts';
import type { Unit } from '../flows/plan.ts';
import { abandonRun } from './abandon.ts';
import { DeclaredDead } from './declared-dead.ts';
import { readFacts } from './facts.store.ts';
import { enterLimits } from './limits.ts';
import type { Lease, StepEnd, UnitEnd } from './live-run.ts';
import type { Registration } from './registration.ts';
import { runAhead } from './run-ahead.ts';
import { settleUnit } from './run-commit.ts';
import { failedStep, failUnit, runUnit, signalOf } from './run-unit.ts';
import type { AddItem, EngineServices } from './services.ts';
import { clearTick, readWait, type WaitRow } from './wait.store.ts';
import { waitOut } from './wait-out.ts';

/** What a turn needs of the worker that holds the lease. */
export interface Holder {
  services: EngineServices;
  registration(): Registration | null;
  add: AddItem;
  /** Whether it still holds the lease. */
  isMine(lease: Lease): boolean;
  /** The worker with this id was declared dead. */
  died(worker: string): Promise<void>;
  recorded(tag: string, steps: number): void;
}

interface Begun {
  lease: Lease;
  unit: Unit;
  wait: WaitRow | null;
  startedAt: Date;
  refused: { error: unknown } | null;
}

/** @returns the unit with which the lease goes on; null when it is over */
export async function takeTurn(holder: Holder, lease: Lease): Promise<string | null> {
  const startedAt = new Date();
  const nothing: UnitEnd = { steps: [], retry: null, startedAt, finishedAt: startedAt };
  if (lease.unit === settleUnit) return commit(holder, { lease, end: nothing });
  const unit = lease.live.plan.units.get(lease.unit);
  if (!unit) throw new Bug('plan.unit', `the plan of run ${lease.live.id} has no unit ${lease.unit}`);
  // Whatever ends below it from now on calls for another turn, also when this one only finds its run cancelled.
  if (unit.spawn !== null) await waitOut(() => clearTick(holder.services.pool, { run: lease.live.id, step: unit.id }), lease.live.force.signal);
  // Its results stand already (a lease that came back after they were committed): only the lease is left to end.
  if (unit.steps.every((step) => lease.live.facts.has(step))) return commit(holder, { lease, end: nothing });
  const found = unit.waits ? await waitOf(holder, lease) : null;
  if (isStillOpen(found, lease)) return commit(holder, { lease, end: nothing });
  const wait = isOfThisAttempt(found, lease) ? found : null;
  const mayGo = await mayBegin(holder, { lease, unit });
  if (mayGo === false) return null;
  if (wait?.kind !== 'children') holder.add({ kind: 'started', live: lease.live, lease, at: startedAt, resumed: wait?.answer ?? null });
  await completeFacts(holder, { lease, unit });
  // Last, so that nothing that waits lies between the proof and the step: a process can be stopped at any of these.
  await holder.registration()?.provenAlive();
  if (!holder.isMine(lease)) return null;
  return runAndCommit(holder, { lease, unit, wait, startedAt, refused: mayGo === true ? null : mayGo });
}

async function runAndCommit(holder: Holder, begun: Begun): Promise<string | null> {
  const { lease } = begun;
  const own = await endOf(holder, begun);
  if (own === null) return null;
  const end = await runAhead({ lease, unit: begun.unit, end: own, run: (unit) => aheadOf(holder, { lease, unit }) });
  if (!holder.isMine(lease)) return null;
  const next = await commit(holder, { lease, end });
  if (end.retry !== null || (end.ahead && lease.isCareful)) return next;
  holder.recorded(lease.job.tag, end.steps.length);
  for (const step of end.steps) lease.live.facts.set(step.step, { state: step.state, output: step.output });
  return next;
}

function waitOf({ services }: Holder, lease: Lease): Promise<WaitRow | null> {
  return waitOut(() => readWait(services.pool, { run: lease.live.id, step: lease.unit }), lease.live.force.signal);
}

/** A job that came though nothing has ended what the step waits for, or for an attempt that has failed meanwhile. */
function isStillOpen(wait: WaitRow | null, { tried }: Lease): boolean {
  if (wait === null || wait.attempt !== tried) return wait !== null && wait.attempt > tried;
  return wait.kind !== 'children' && wait.ended_at === null;
}

/** Each attempt opens its own. */
function isOfThisAttempt(wait: WaitRow | null, { tried }: Lease): boolean {
  return wait !== null && wait.attempt === tried && (wait.kind !== 'children' || wait.ended_at === null);
}

/** False: its lease is over, and it comes back when a limit lets it. An error: it cannot begin at all. */
async function mayBegin(holder: Holder, { lease, unit }: { lease: Lease; unit: Unit }): Promise<boolean | { error: unknown }> {
  const registration = holder.registration();
  if (unit.limits.length === 0 || signalOf(lease.live, unit).aborted) return true;
  if (!registration) return false;
  const { id: worker, pool } = registration;
  try {
    return await waitOut(() => enterLimits({ lease, unit, worker, pool, services: holder.services }), lease.live.force.signal);
  } catch (error) {
    if (!(error instanceof DeclaredDead)) return { error };
    await holder.died(worker);
    return false;
  }
}

/** Null when the worker no longer owns the lease. */
async function endOf(holder: Holder, { lease, unit, wait, startedAt, refused }: Begun): Promise<UnitEnd | null> {
  const { services, add } = holder;
  const isResumed = wait !== null;
  try {
    if (refused) throw refused.error;
    const came = await runUnit({ lease, unit, wait, services, add, prove: () => holder.registration()?.provenAlive() });
    return { ...came, retry: null, startedAt, finishedAt: new Date(), isResumed };
  } catch (error) {
    if (!holder.isMine(lease)) return null;
    return { ...failUnit({ lease, unit, error, log: services.log }), startedAt, finishedAt: new Date(), isResumed };
  }
}

/** Null for all but a success: what fails, or meets the end of its run, is run again in a turn of its own. */
async function aheadOf({ services, add, isMine, registration }: Holder, { lease, unit }: { lease: Lease; unit: Unit }): Promise<StepEnd | null> {
  const startedAt = new Date();
  try {
    const { steps } = await runUnit({ lease, unit, wait: null, services, add, prove: () => registration()?.provenAlive() });
    const [end] = steps;
    return end?.state === 'succeeded' && isMine(lease) ? { ...end, ran: { startedAt, finishedAt: new Date() } } : null;
  } catch {
    return null;
  }
}

function commit({ services, add }: Holder, { lease, end }: { lease: Lease; end: UnitEnd }): Promise<string | null> {
  const { live } = lease;
  return new Promise((resolve) => {
    // Even the refusal was refused: the run cannot go on, and it must not look as if it did.
    const abandon = async (error: unknown) => {
      const { pool, queue } = services;
      await waitOut(() => abandonRun(pool, { run: live.id, error: redactor.deep(toStoredError(error)), queue }), live.force.signal);
      resolve(null);
    };
    const lost = (cause: unknown) => {
      if (end.ahead) return resolve(startOver(lease, end));
      const error = new Bug('step.refused', 'the database refused this result', { cause });
      const steps = live.plan.units.get(lease.unit)?.steps.map((step) => failedStep(step, error)) ?? [];
      const refused: UnitEnd = { steps, retry: null, startedAt: end.startedAt, finishedAt: end.finishedAt };
      add({ kind: 'ended', live, lease, end: refused, saved: resolve, lost: () => void abandon(error).catch(() => resolve(null)) });
    };
    add({ kind: 'ended', live, lease, end, saved: resolve, lost });
  });
}

/** One of several results was refused: they are pure, so all of them come about again, each to be recorded alone. @returns the unit to go on with */
function startOver(lease: Lease, end: UnitEnd): string {
  for (const { step } of end.steps) lease.live.facts.delete(step);
  lease.isCareful = true;
  return lease.unit;
}

/** What other workers finished since this one claimed: the inputs of a join. */
async function completeFacts({ services }: Holder, { lease, unit }: { lease: Lease; unit: Unit }): Promise<void> {
  const { live } = lease;
  const needed = unit.steps.flatMap((step) => live.plan.steps.get(step)?.predecessors ?? []).filter((step) => !unit.steps.includes(step));
  // What runs at the end, or needs not all of those before it, may name any of them.
  const isSettled = unit.phase === 'main' && unit.steps.every((step) => live.plan.steps.get(step)?.join === 'all');
  if (isSettled && needed.every((step) => live.facts.has(step))) return;
  const facts = await waitOut(() => readFacts(services.pool, [live.id]), signalOf(live, unit));
  for (const fact of facts) live.facts.set(fact.step_id, { state: fact.state, output: fact.output });
}
