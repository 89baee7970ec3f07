import type { Run, StepRun } from '@tidewheel/contract/run';

/** The step that is open: the one in the address, else the one that the run failed for; `-` means none, on purpose. */
export function openStepOf(run: Run, chosen: string | undefined): StepRun | null {
  if (chosen === '-') return null;
  if (chosen !== undefined) return run.steps.find((step) => step.step === chosen) ?? null;
  const failed = run.steps.filter((step) => step.state === 'failed');
  return failed.find((step) => step.error?.message === run.error?.message) ?? failed[0] ?? null;
}
