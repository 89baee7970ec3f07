import { Text } from '@mantine/core';
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import type { ReactNode } from 'react';
import { Time } from '../../shared/Time.tsx';

/** A reason in words: what, since when, who or what can change it. */
export function WhyText({ reason }: { reason: WhyReason }) {
  const { text, since, until, change } = reason;
  return (
    <div>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {withCode(text)}
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
          {withCode(change.text)}
          {change.you && ' You may.'}
        </Text>
      )}
    </div>
  );
}

/** What stands between backticks is code. */
function withCode(text: string): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change places
  return text.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>));
}
