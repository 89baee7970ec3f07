// Pure: what follows for one run from what a batch brought. Readiness is derived from the states of predecessors, never from counters.
import type { RunState, StepState } from '@tidewheel/contract/run';
import type { Plan } from '../flows/plan.ts';

const final: ReadonlySet<StepState> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

export interface Settled {
  /** Units that became ready now. */
  ready: string[];
  /** Steps that will never run, because something before them did not succeed. */
  skipped: { step: string; reason: string }[];
  /** The run's end, once every step has one. */
  outcome: Extract<RunState, 'succeeded' | 'failed'> | null;
}

/** `states`: the states of all steps that have one, with this batch's results in it; it is completed with what is skipped. `ended`: the units whose last step got its final state in this batch. */
export function settle({ plan, states, ended }: { plan: Plan; states: Map<string, StepState>; ended: string[] }): Settled {
  const ready: string[] = [];
  const skipped: Settled['skipped'] = [];
  const seen = new Set<string>();
  const queue = ended.flatMap((unit) => plan.units.get(unit)?.successors ?? []);
  for (let unitId = queue.shift(); unitId !== undefined; unitId = queue.shift()) {
    if (seen.has(unitId)) continue;
    const unit = plan.units.get(unitId);
    if (!unit || unit.steps.some((step) => states.has(step)) || !unit.predecessors.every((before) => unitIsFinal(plan, before, states))) continue;
    seen.add(unitId);
    const blocker = blockerOf(plan, unitId, states);
    if (blocker === null) {
      ready.push(unitId);
      continue;
    }
    for (const step of unit.steps) {
      states.set(step, 'skipped');
      skipped.push({ step, reason: blocker });
    }
    queue.push(...unit.successors);
  }
  return { ready, skipped, outcome: ready.length === 0 ? outcomeOf(plan, states) : null };
}

function unitIsFinal(plan: Plan, unitId: string, states: Map<string, StepState>): boolean {
  return plan.units.get(unitId)?.steps.every((step) => final.has(states.get(step) ?? 'pending')) ?? false;
}

function blockerOf(plan: Plan, unitId: string, states: Map<string, StepState>): string | null {
  for (const step of plan.units.get(unitId)?.steps ?? []) {
    for (const before of plan.steps.get(step)?.predecessors ?? []) {
      const state = states.get(before) ?? 'pending';
      if (final.has(state) && state !== 'succeeded') return `${before} ${wordFor(state)}`;
    }
  }
  return null;
}

function wordFor(state: StepState): string {
  return state === 'failed' ? 'failed' : state === 'cancelled' ? 'was cancelled' : 'was skipped';
}

function outcomeOf(plan: Plan, states: Map<string, StepState>): 'succeeded' | 'failed' | null {
  let failed = false;
  for (const step of plan.steps.keys()) {
    const state = states.get(step) ?? 'pending';
    if (!final.has(state)) return null;
    if (state === 'failed') failed = true;
  }
  return failed ? 'failed' : 'succeeded';
}

/** A plan along one line needs no look at other leases: what this worker knows is all there is. */
export function isLine(plan: Plan): boolean {
  const known = lines.get(plan);
  if (known !== undefined) return known;
  const line = looksLikeLine(plan);
  lines.set(plan, line);
  return line;
}
const lines = new WeakMap<Plan, boolean>();

function looksLikeLine(plan: Plan): boolean {
  if (plan.roots.length !== 1) return false;
  for (const unit of plan.units.values()) if (unit.successors.length > 1 || unit.predecessors.length > 1) return false;
  return true;
}
