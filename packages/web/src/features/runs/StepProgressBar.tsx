import { Progress, Text } from '@mantine/core';
import { progressWords } from '@tidewheel/contract/progress-words';
import type { StepRun } from '@tidewheel/contract/run';
import { formatBytes, formatCount } from '../../shared/format.ts';

/** How far a running step is, as it says itself: a bar where an end is known, figures, and the time that is left. */
export function StepProgressBar({ step }: { step: Pick<StepRun, 'step' | 'progress'> }) {
  if (!step.progress) return null;
  const { percent } = step.progress;
  return (
    <div style={{ minWidth: 'min(120px, 100%)' }}>
      {percent !== undefined && <Progress value={percent} size="sm" mt={4} aria-label={`Progress of ${step.step}`} />}
      <Text size="xs" c="dimmed" mt={2}>
        {progressWords(step.progress, { count: formatCount, size: formatBytes })}
      </Text>
    </div>
  );
}
