import { Progress, Text } from '@mantine/core';
import type { StepRun } from '@tidewheel/contract/run';
import { belowOf, belowWords } from './below.ts';

/** How far the runs below a step are; nothing for a step without any. */
export function BelowBar({ step }: { step: StepRun }) {
  const below = belowOf(step);
  if (!below) return null;
  const failedShare = below.percent === null || below.done === 0 ? 0 : (below.percent * below.failed) / below.done;
  return (
    <div style={{ minWidth: 'min(120px, 100%)' }}>
      {below.percent !== null && (
        <Progress.Root size="sm" mt={4}>
          <Progress.Section value={below.percent - failedShare} color="var(--tw-ok)" aria-label={`Items of ${step.step} that are done`} />
          <Progress.Section value={failedShare} color="var(--tw-fail)" aria-label={`Items of ${step.step} that failed`} />
        </Progress.Root>
      )}
      <Text size="xs" c={below.failed > 0 ? 'var(--tw-fail)' : 'dimmed'} mt={2}>
        {belowWords(below)}
      </Text>
    </div>
  );
}
