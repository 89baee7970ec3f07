import type { Run, StepRun } from '@tidewheel/contract/run';

export function hasRows(step: StepRun): boolean {
  return step.hasPreview || step.table !== null || step.rejected !== null;
}

/** The step whose rows are shown when none is chosen: the first that rejected some when those are wanted, else the last with rows. */
export function stepWithRows(run: Pick<Run, 'steps'>, which: 'rejected' | undefined): StepRun | null {
  const rejecting = run.steps.find((step) => step.rejected !== null && step.rejected.rows > 0);
  return (which === 'rejected' ? rejecting : undefined) ?? run.steps.findLast(hasRows) ?? null;
}
