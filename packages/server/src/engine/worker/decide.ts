// Pure: what follows for one run from what stands. Readiness is derived from the states of what comes before, never from counters.
import { finalStepStates, type StepState } from '@tidewheel/contract/run';
import type { Phase, Plan, PlannedStep } from '../flows/plan.ts';
import { undoOf } from '../flows/plan.ts';
import { standingOfEdges } from './edges.ts';

/** What is known of a step that has begun or has an end. */
export interface Standing {
  state: StepState;
  /** The branches it took, when it is one that chooses. */
  branches?: readonly string[] | undefined;
  finishedAt?: Date | null | undefined;
}
export interface Standings {
  has(step: string): boolean;
  get(step: string): Standing | undefined;
  set(step: string, standing: Standing): unknown;
  keys(): Iterable<string>;
}

export type Outcome = 'succeeded' | 'failed' | 'cancelled';

export interface Settled {
  /** Units that became ready now. */
  ready: string[];
  /** Steps that will never run, because of what came before them. */
  skipped: { step: string; reason: string }[];
  /** Steps that were given up, because the run is cancelled. */
  cancelled: string[];
  /** The run's end, once every step has one. */
  outcome: Outcome | null;
}

export interface Settling {
  plan: Plan;
  /** With this batch's results in it; it is completed with what is skipped or cancelled. */
  states: Standings;
  /** The units whose last step got its final state in this batch; null: look at all of them. */
  ended: readonly string[] | null;
  /** The run is to be cancelled, and nobody holds anything of it any more but what is at the end of it here. `forced`: without cleaning up. */
  cancelling?: 'cleanly' | 'forced' | null;
}

export function settle({ plan, states, ended, cancelling = null }: Settling): Settled {
  const settled: Settled = { ready: [], skipped: [], cancelled: [], outcome: null };
  if (cancelling !== null) giveUp(settled, { plan, states, phases: cancelling === 'forced' ? ['main', 'undo', 'final'] : ['main'] });
  else follow(settled, { plan, states, phase: 'main', from: ended === null ? null : successorsOf(plan, ended) });
  if (settled.ready.length > 0 || !isOver(plan, states, 'main')) return settled;
  const outcome = cancelling === null ? endOf(plan, states, 'main') : 'cancelled';
  if (!plan.cleansUp || cancelling === 'forced') return { ...settled, outcome };
  return cleanUp(settled, { plan, states, outcome });
}

/** After the main steps: what undoes them, one after another and last first; then what runs at the end. */
function cleanUp(settled: Settled, { plan, states, outcome }: { plan: Plan; states: Standings; outcome: Outcome }): Settled {
  if (outcome !== 'succeeded') {
    const undos = [...plan.steps.values()].filter((step) => step.phase === 'undo');
    if (undos.some(({ id }) => isOpen(states.get(id)))) return settled;
    const next = nextUndo(plan, states);
    if (next) return { ...settled, ready: [next] };
  }
  follow(settled, { plan, states, phase: 'final', from: null, failed: outcome === 'failed' });
  if (settled.ready.length > 0 || !isOver(plan, states, 'final')) return settled;
  const cleaned = endOf(plan, states, 'final') === 'succeeded';
  return { ...settled, outcome: outcome === 'succeeded' && !cleaned ? 'failed' : outcome };
}

interface Following {
  plan: Plan;
  states: Standings;
  phase: Phase;
  /** Where to begin; null: everywhere. */
  from: readonly string[] | null;
  /** Whether the run failed, for what runs at its end. */
  failed?: boolean;
}

function follow(settled: Settled, { plan, states, phase, from, failed = false }: Following): void {
  const queue = [...(from ?? plan.units.keys())];
  for (let at = 0; at < queue.length; at++) {
    const unit = plan.units.get(queue[at] as string);
    if (!unit || unit.phase !== phase || settled.ready.includes(unit.id) || unit.steps.some((step) => states.has(step))) continue;
    const verdict = verdictOn({ plan, unit: unit.steps, states, failed });
    if (verdict === 'open') continue;
    if (verdict === 'ready') {
      settled.ready.push(unit.id);
      continue;
    }
    for (const step of unit.steps) {
      states.set(step, { state: 'skipped' });
      settled.skipped.push({ step, reason: verdict.reason });
    }
    queue.push(...unit.successors);
  }
}

type Verdict = 'open' | 'ready' | { reason: string };

/** A unit of several steps goes by the first of them that cannot run. */
function verdictOn({ plan, unit, states, failed }: { plan: Plan; unit: string[]; states: Standings; failed: boolean }): Verdict {
  const verdicts = unit.map((id): Verdict => {
    const step = plan.steps.get(id) as PlannedStep;
    if (step.phase === 'final' && step.edges.length === 0) return step.on === 'failure' && !failed ? { reason: 'the run did not fail' } : 'ready';
    return standingOfEdges({ step, unit, plan, states });
  });
  if (verdicts.includes('open')) return 'open';
  return verdicts.find((verdict) => verdict !== 'ready') ?? 'ready';
}

/** The step that succeeded last of those that can be undone and were not yet. What runs at the end cleans up itself: it stays. */
function nextUndo(plan: Plan, states: Standings): string | null {
  const places = new Map([...plan.steps.keys()].map((id, place) => [id, place]));
  const names = new Set([...states.keys()].filter((id) => isUndoable(id, { plan, states })));
  const undoable = withoutAnyAfter(plan, names).map((id) => ({ id, at: states.get(id)?.finishedAt?.getTime() ?? 0, place: places.get(id) ?? 0 }));
  const last = undoable.sort((a, b) => b.at - a.at || b.place - a.place)[0];
  return last ? undoOf(last.id) : null;
}

function isUndoable(id: string, { plan, states }: { plan: Plan; states: Standings }): boolean {
  return states.get(id)?.state === 'succeeded' && plan.steps.get(id)?.phase === 'main' && plan.steps.has(undoOf(id)) && !states.has(undoOf(id));
}

/** Those of them that nothing of them came after. The clocks of workers differ, so their times alone do not tell. */
function withoutAnyAfter(plan: Plan, names: ReadonlySet<string>): string[] {
  const followed = new Set<string>();
  for (const { id, successors } of [...plan.steps.values()].reverse()) if (successors.some((name) => names.has(name) || followed.has(name))) followed.add(id);
  return [...names].filter((id) => !followed.has(id));
}

function giveUp(settled: Settled, { plan, states, phases }: { plan: Plan; states: Standings; phases: Phase[] }): void {
  for (const { id, phase } of plan.steps.values()) {
    if (!phases.includes(phase) || isFinal(states.get(id))) continue;
    if (phase === 'undo' && !states.has(id)) continue;
    states.set(id, { state: 'cancelled' });
    settled.cancelled.push(id);
  }
}

function isOver(plan: Plan, states: Standings, phase: Phase): boolean {
  for (const step of plan.steps.values()) if (step.phase === phase && !isFinal(states.get(step.id))) return false;
  return true;
}

function endOf(plan: Plan, states: Standings, phase: Phase): 'succeeded' | 'failed' {
  for (const step of plan.steps.values()) if (step.phase === phase && !step.mayFail && states.get(step.id)?.state === 'failed') return 'failed';
  return 'succeeded';
}

function isFinal(standing: Standing | undefined): boolean {
  return standing !== undefined && finalStepStates.includes(standing.state);
}
function isOpen(standing: Standing | undefined): boolean {
  return standing !== undefined && !finalStepStates.includes(standing.state);
}

function successorsOf(plan: Plan, units: readonly string[]): string[] {
  return units.flatMap((unit) => plan.units.get(unit)?.successors ?? []);
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
  if (plan.roots.length !== 1 || !plan.isPlain) return false;
  for (const unit of plan.units.values()) if (unit.successors.length > 1 || unit.predecessors.length > 1) return false;
  return true;
}
