// Runs the unit a lease is at: its condition, its time limit, and what a failure means for its steps.
import { AppError, Bug, toStoredError } from '@tidewheel/contract/errors';
import type { Logger } from '../../base/logger.ts';
import { redactor } from '../../base/redactor.ts';
import { evaluateCondition } from '../expressions/evaluate.ts';
import type { Unit } from '../flows/plan.ts';
import { lostLimit } from './job-queue.ts';
import { type Lease, type StepEnd, scopeOf, type UnitEnd } from './live-run.ts';
import { retryOf } from './retry.ts';
import { runInline, timedOut } from './run-inline.ts';
import { failedStretch, runTable } from './run-table.ts';
import type { AddItem, EngineServices } from './services.ts';

/** @throws what its steps throw, the time limit's error, or the reason of the run's signal */
export async function runUnit({ lease, unit, services, add }: { lease: Lease; unit: Unit; services: EngineServices; add: AddItem }): Promise<StepEnd[]> {
  const { live } = lease;
  live.cancel.signal.throwIfAborted();
  refuseKiller(lease);
  if (unit.when !== null && !evaluateCondition(unit.when, scopeOf(live)))
    return unit.steps.map((step) => skippedStep(step, `its condition \`${unit.when}\` is false`));
  const limit = unit.timeoutMs === null ? null : AbortSignal.timeout(unit.timeoutMs);
  const signal = limit ? AbortSignal.any([live.cancel.signal, limit]) : live.cancel.signal;
  try {
    if (unit.kind === 'table') return await runTable({ lease, unit, signal, services, add });
    const planned = live.plan.steps.get(unit.id);
    if (!planned) throw new Bug('plan.step', `the plan has no step ${unit.id}`);
    return [await runInline({ lease, planned, signal, services, add })];
  } catch (error) {
    throw limit?.aborted && !live.cancel.signal.aborted ? timedOut(unit.timeoutMs ?? 0) : error;
  }
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
  if (lease.live.cancel.signal.aborted) return { steps: unit.steps.map(cancelledStep), retry: null };
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
