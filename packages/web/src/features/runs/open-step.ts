import type { Run, StepRun } from '@tidewheel/contract/run';

/** The step that is open: the one in the address, else the one that failed; `-` means none, on purpose. */
export function openStepOf(run: Run, chosen: string | undefined): StepRun | null {
  if (chosen === '-') return null;
  if (chosen !== undefined) return run.steps.find((step) => step.step === chosen) ?? null;
  return run.steps.find((step) => step.state === 'failed') ?? null;
}
