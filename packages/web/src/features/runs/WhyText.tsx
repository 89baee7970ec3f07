import { Text } from '@mantine/core';
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import { Time } from '../../shared/Time.tsx';

/** A reason in words: what, since when, who or what can change it. */
export function WhyText({ reason }: { reason: WhyReason }) {
  const { text, since, until, change } = reason;
  return (
    <div>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      {(since || until) && (
        <Text size="xs" c="dimmed" component="div">
          {since && (
            <>
              since <Time at={since} relative />
            </>
          )}
          {since && until && ', '}
          {until && (
            <>
              until <Time at={until} />
            </>
          )}
        </Text>
      )}
      {change && (
        <Text size="xs" c="dimmed">
          {change.text}
          {change.you && ' You may.'}
        </Text>
      )}
    </div>
  );
}
