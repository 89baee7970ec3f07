// Pure: whether a step may run, must wait or never will, by the steps before it.
import type { Edge } from '@tidewheel/contract/flow-steps';
import { finalStepStates } from '@tidewheel/contract/run';
import type { Plan, PlannedStep } from '../flows/plan.ts';
import type { Standing, Standings } from './decide.ts';

/** What one step before it says. `lost` only counts against those who need it: with the reason, and whether it is a failure. */
type Finding = 'open' | 'met' | { lost: string; failed: boolean };

/** Edges inside the step's own unit say nothing: the unit runs as one. */
export function standingOfEdges({
  step,
  unit,
  plan,
  states,
}: {
  step: PlannedStep;
  unit: readonly string[];
  plan: Plan;
  states: Standings;
}): 'open' | 'ready' | { reason: string } {
  const edges = step.edges.filter((edge) => !unit.includes(edge.step));
  const findings = edges.map((edge) => findingOf({ edge, step, plan, states }));
  const open = findings.filter((finding) => finding === 'open').length;
  const met = findings.filter((finding) => finding === 'met').length;
  const lost = findings.filter((finding) => typeof finding === 'object');
  const reason = lost[0]?.lost ?? 'nothing before it was taken';
  if (step.join === 'all') return open > 0 ? 'open' : lost.length > 0 ? { reason } : 'ready';
  if (step.join === 'taken')
    return open > 0 ? 'open' : met === 0 || lost.some(({ failed }) => failed) ? { reason: lost.find(({ failed }) => failed)?.lost ?? reason } : 'ready';
  const needed = step.join === 'any' ? Math.min(1, edges.length) : step.join;
  if (met >= needed) return 'ready';
  return met + open >= needed ? 'open' : { reason: tooFew({ step, met, needed, reason }) };
}

function findingOf({ edge, step, plan, states }: { edge: Edge; step: PlannedStep; plan: Plan; states: Standings }): Finding {
  const standing = states.get(edge.step);
  if (!standing || !finalStepStates.includes(standing.state)) return 'open';
  if (step.on === 'always') return 'met';
  if (step.on === 'failure') return standing.state === 'failed' ? 'met' : { lost: `${edge.step} did not fail`, failed: false };
  if (standing.state === 'succeeded' || standing.state === 'compensated') return branchTaken(edge, standing);
  const isInput = Object.values(step.inputs).includes(edge.step);
  if (standing.state === 'failed' && plan.steps.get(edge.step)?.mayFail && !isInput && edge.branch === null) return 'met';
  return { lost: `${edge.step} ${wordFor(standing)}`, failed: standing.state !== 'skipped' };
}

function branchTaken({ step, branch }: Edge, { branches }: Standing): Finding {
  if (branch === null || branches?.includes(branch)) return 'met';
  return { lost: `${step} did not take the branch ${branch}`, failed: false };
}

function wordFor({ state }: Standing): string {
  return state === 'failed' ? 'failed' : state === 'cancelled' ? 'was cancelled' : 'was skipped';
}

function tooFew({ step, met, needed, reason }: { step: PlannedStep; met: number; needed: number; reason: string }): string {
  if (step.on === 'failure') return 'nothing before it failed';
  return needed === 1 ? reason : `only ${met} of the ${needed} steps that it needs succeeded`;
}
