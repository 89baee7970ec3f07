// Runs the unit a lease is at: its condition, its time limit, and what a failure means for its steps.
import { AppError, Bug, toStoredError } from '@tidewheel/contract/errors';
import type { StepChildren, Wake } from '@tidewheel/kit/step-context';
import type { Logger } from '../../base/logger.ts';
import { redactor } from '../../base/redactor.ts';
import { evaluateCondition } from '../expressions/evaluate.ts';
import type { PlannedStep, Unit } from '../flows/plan.ts';
import { runChildren } from './children/run-children.ts';
import { lostLimit } from './job-queue.ts';
import { type Lease, type LiveRun, type StepEnd, scopeOf, type UnitEnd } from './live-run.ts';
import { retryOf } from './retry.ts';
import { runInline, timedOut } from './run-inline.ts';
import { failedStretch, runTable } from './run-table.ts';
import type { AddItem, EngineServices } from './services.ts';
import type { WaitRow } from './wait.store.ts';
import { waitOut } from './wait-out.ts';

export interface UnitOptions {
  lease: Lease;
  unit: Unit;
  /** What it waits or waited for. */
  wait: WaitRow | null;
  services: EngineServices;
  add: AddItem;
  /** Registration.provenAlive: asked once more where nothing but the step itself comes after it. */
  prove(): Promise<void> | undefined;
}

/** How a unit came out that did not throw. */
export type UnitOutcome = Pick<UnitEnd, 'steps' | 'wait' | 'waiting' | 'goesOn'>;

/** Ends what a unit of this phase does: what cleans up after a cancelled run goes on until it is cancelled a second time. */
export function signalOf(live: LiveRun, unit: Pick<Unit, 'phase'>): AbortSignal {
  return unit.phase === 'main' ? live.cancel.signal : live.force.signal;
}

/** @throws what its steps throw, the time limit's error, or the reason of the run's signal */
export async function runUnit(options: UnitOptions): Promise<UnitOutcome> {
  const { lease, unit, wait } = options;
  const { live } = lease;
  const stop = signalOf(live, unit);
  stop.throwIfAborted();
  refuseKiller(lease);
  if (wait === null && unit.when !== null && !evaluateCondition(unit.when, scopeOf(live)))
    return { steps: unit.steps.map((step) => skippedStep(step, `its condition \`${unit.when}\` is false`)) };
  // With runs below it the time of all of them is kept in its wait: a look that is slow itself, for the database is, must not end the step over their heads.
  const limit = unit.timeoutMs === null || wait?.kind === 'children' ? null : AbortSignal.timeout(unit.timeoutMs);
  const signal = limit ? AbortSignal.any([stop, limit]) : stop;
  try {
    return await perform({ ...options, signal });
  } catch (error) {
    throw limit?.aborted && !stop.aborted ? timedOut(unit.timeoutMs ?? 0) : error;
  }
}

async function perform({ lease, unit, wait, services, add, prove, signal }: UnitOptions & { signal: AbortSignal }): Promise<UnitOutcome> {
  if (unit.kind === 'table' && unit.spawn === null) return { steps: await runTable({ lease, unit, signal, services, add }) };
  const planned = lease.live.plan.steps.get(unit.id);
  if (!planned) throw new Bug('plan.step', `the plan has no step ${unit.id}`);
  const looksBelow = wait?.kind === 'children' || (wait === null && unit.spawn !== null && unit.spawn !== 'once');
  // All of that can be done again: should the database be away meanwhile, it is no fault of the step.
  const below = (asked?: StepChildren) =>
    waitOut(() => runChildren({ lease, planned, wait: asked ? null : wait, ...(asked ? { asked } : {}), signal, services, add }), signal);
  if (looksBelow) return below();
  const came = await runInline({ lease, planned, wake: wait && wakeOf({ wait, planned }), signal, services, add, prove });
  if ('end' in came) return { steps: [came.end] };
  if ('wait' in came) return { steps: [], wait: came.wait, waiting: came.wait.reason };
  return below(came.children);
}

/** @throws TimedOut when what ended the wait is the step's own time limit */
function wakeOf({ wait, planned }: { wait: WaitRow; planned: PlannedStep }): Wake {
  const { data, timesOut } = wait.data as { data: Record<string, unknown>; timesOut: boolean };
  const answer = wait.answer ?? { by: 'time' as const, answer: null, who: null, at: new Date().toISOString() };
  if (answer.by === 'time' && timesOut) throw timedOut(planned.timeoutMs ?? 0);
  return { ...answer, at: new Date(answer.at), data };
}

// A step that takes its worker down each time must not take down all of them.
function refuseKiller({ job }: Lease): void {
  if (job.lost < lostLimit) return;
  throw new Bug('worker.lost', `workers died ${job.lost} times while they ran this step`, {
    hint: 'It may need more memory than the host has. Look at the logs of the workers.',
  });
}

/** How a unit ends that threw: cancelled with its run, tried again, or failed. */
export function failUnit({ lease, unit, error, log }: { lease: Lease; unit: Unit; error: unknown; log: Logger }): Pick<UnitEnd, 'steps' | 'retry'> {
  if (signalOf(lease.live, unit).aborted) return { steps: unit.steps.map(cancelledStep), retry: null };
  if (!(error instanceof AppError)) log.error({ err: error, run: lease.live.id, unit: unit.id }, 'a step threw what it should not');
  const retry = retryOf({ unit, lease, error: redactor.deep(toStoredError(error)) });
  return { steps: unit.kind === 'table' ? failedStretch({ unit, error }) : [failedStep(unit.id, error)], retry };
}

function skippedStep(step: string, reason: string): StepEnd {
  return { step, state: 'skipped', reason, output: null, preview: null, error: null, artifacts: [] };
}
function cancelledStep(step: string): StepEnd {
  return { step, state: 'cancelled', reason: 'the run was cancelled', output: null, preview: null, error: null, artifacts: [] };
}
export function failedStep(step: string, error: unknown): StepEnd {
  return { step, state: 'failed', reason: null, output: null, preview: null, error: redactor.deep(toStoredError(error)), artifacts: [] };
}
