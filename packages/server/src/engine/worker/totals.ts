// Pure: a run's own row counts and first error, from those of its steps. What may fail is no error of the run.
import type { Plan, PlannedStep } from '../flows/plan.ts';
import type { RunTotals, StepTotals } from './commit.store.ts';

function isSource(step: PlannedStep | undefined): boolean {
  return step !== undefined && step.type.inputs.carries !== 'table' && step.type.produces === 'table';
}
function isDestination(step: PlannedStep | undefined): boolean {
  return step !== undefined && step.type.inputs.carries === 'table' && step.type.produces === 'file';
}

export function totalsOf(plan: Plan, steps: StepTotals[]): RunTotals {
  const sum = (pick: (step: StepTotals, planned: PlannedStep | undefined) => number | null) => {
    const parts = steps.map((step) => pick(step, plan.steps.get(step.step))).filter((part) => part !== null);
    return parts.length === 0 ? null : parts.reduce((a, b) => a + b, 0);
  };
  return {
    rowsIn: sum((step, planned) => (isSource(planned) ? (step.counts?.rowsIn ?? step.counts?.rowsOut ?? null) : null)),
    rowsOut: sum((step, planned) => (isDestination(planned) ? (step.counts?.rowsOut ?? step.counts?.rowsIn ?? null) : null)),
    rejected: sum((step) => step.counts?.rejected ?? null) ?? 0,
    error: steps.find((step) => step.state === 'failed' && !plan.steps.get(step.step)?.mayFail)?.error ?? null,
  };
}
