import { Badge } from '@mantine/core';
import type { RunSummary } from '@tidewheel/contract/run';

/** What is to be known of a run beside its state: that it changes nothing outside, is paused, or waits for its turn. */
export function RunMarks({ run }: { run: Pick<RunSummary, 'mode' | 'pausedAt' | 'held'> }) {
  return (
    <>
      {run.mode === 'dry' && (
        <Badge size="sm" variant="outline" title="Nothing outside is changed">
          dry run
        </Badge>
      )}
      {run.pausedAt !== null && (
        <Badge size="sm" variant="outline" color="var(--tw-wait)" title="What runs ends, nothing further begins">
          paused
        </Badge>
      )}
      {run.held && (
        <Badge size="sm" variant="outline" color="var(--mantine-color-dimmed)" title="Other runs of its flow, or of its backfill, go first">
          held
        </Badge>
      )}
    </>
  );
}
