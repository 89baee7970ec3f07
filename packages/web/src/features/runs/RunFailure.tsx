import { Button } from '@mantine/core';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { StoredErrorPanel } from './StoredErrorPanel.tsx';

/** Why the run failed, and the way to the steps that failed. The step that is open tells its error itself. */
export function RunFailure({ run, open, onOpen }: { run: Run; open: StepRun | null; onOpen: (step: string) => void }) {
  const others = run.steps.filter((step) => step.state === 'failed' && step.step !== open?.step);
  const isTold = open?.error != null && open.error.message === run.error?.message;
  if (!run.error || (isTold && others.length === 0)) return null;
  return (
    <div style={{ marginBottom: 16 }}>
      {!isTold && <StoredErrorPanel error={run.error} />}
      {others.map((step) => (
        <Button key={step.step} size="xs" variant="default" mt={8} mr={8} onClick={() => onOpen(step.step)}>
          Open the failed step {step.step}
        </Button>
      ))}
    </div>
  );
}
