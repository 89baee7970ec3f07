// One turn of a step that runs others below it: the first opens its wait, each further one looks at them.
import type { StepChildren } from '@tidewheel/kit/step-context';
import type { PlannedStep } from '../../flows/plan.ts';
import type { Lease, StepEnd } from '../live-run.ts';
import type { UnitOutcome } from '../run-unit.ts';
import type { AddItem, EngineServices } from '../services.ts';
import type { WaitRow } from '../wait.store.ts';
import { advanceChildren, type Looked } from './advance-children.ts';
import { type Gathered, gatherItems } from './gather-items.ts';
import { type ChildrenPlan, openLoop, openOnce } from './open-children.ts';

export interface ChildrenTurn {
  lease: Lease;
  planned: PlannedStep;
  wait: WaitRow | null;
  /** What the step type asked for just now. */
  asked?: StepChildren;
  signal: AbortSignal;
  services: EngineServices;
  add: AddItem;
}

export async function runChildren(turn: ChildrenTurn): Promise<UnitOutcome> {
  const { lease, planned, wait, services } = turn;
  const { live } = lease;
  if (wait) {
    const looked = await advanceChildren({ live, planned, attempt: lease.tried, plan: wait.data as unknown as ChildrenPlan, services, signal: turn.signal });
    if (!looked.over) return stillWaiting(turn, looked);
    const gathered = await gatherItems({ lease, planned, signal: turn.signal, services });
    return { steps: [endOf(planned, looked.value, gathered)] };
  }
  const opening = { live, planned, services, signal: turn.signal };
  const opened = turn.asked ? await openOnce(opening, turn.asked) : await openLoop(opening);
  const { total } = opened.data as unknown as ChildrenPlan;
  if (total === 0) return { steps: [endOf(planned, { total: 0, succeeded: 0, failed: 0, results: [], run: live.id })] };
  return { steps: [], wait: opened, waiting: opened.reason, goesOn: true };
}

function stillWaiting({ lease, planned, wait, add }: ChildrenTurn, { waiting, done }: Looked & { over: false }): UnitOutcome {
  const { total } = (wait?.data ?? {}) as unknown as ChildrenPlan;
  if (total !== null && total > 1)
    add({
      kind: 'event',
      live: lease.live,
      type: 'step.progressed',
      step: planned.id,
      data: { items: done, total, unit: 'items', percent: Math.min(100, (done / total) * 100) },
      at: new Date(),
    });
  return { steps: [], waiting };
}

function endOf(planned: PlannedStep, value: unknown, gathered: Gathered | null = null): StepEnd {
  const output = { ...gathered?.output, value };
  return { step: planned.id, state: 'succeeded', reason: null, output, preview: gathered?.preview ?? null, error: null, artifacts: [] };
}
