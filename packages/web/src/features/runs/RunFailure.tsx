import { Button } from '@mantine/core';
import type { Run } from '@tidewheel/contract/run';
import { StoredErrorPanel } from './StoredErrorPanel.tsx';

/** Why the run failed, and the way to the step that failed. */
export function RunFailure({ run, onOpen }: { run: Run; onOpen: (step: string) => void }) {
  const failed = run.steps.filter((step) => step.state === 'failed');
  if (!run.error) return null;
  return (
    <div style={{ marginBottom: 16 }}>
      <StoredErrorPanel error={run.error} />
      {failed.length > 1 &&
        failed.map((step) => (
          <Button key={step.step} size="xs" variant="default" mt={8} mr={8} onClick={() => onOpen(step.step)}>
            {step.step}
          </Button>
        ))}
    </div>
  );
}
