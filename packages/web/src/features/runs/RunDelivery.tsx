import { Text } from '@mantine/core';
import type { Delivery } from '@tidewheel/contract/routes/runs';
import { formatBytes, formatCell, formatDuration } from '../../shared/format.ts';
import { PairList } from '../../shared/PairList.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { wordsOf } from '../../shared/words.ts';
import classes from './Outcome.module.css';

export function RunDelivery({ delivery }: { delivery: Delivery }) {
  return (
    <article className={classes['entry']} aria-label={`Delivery of ${delivery.fileName}`}>
      <div className={classes['head']}>
        <div className={classes['name']}>{delivery.fileName}</div>
        <StatusBadge state={delivery.state} />
      </div>
      <Text size="xs" c="dimmed" className="tw-mono">
        {delivery.destination}
      </Text>
      <Text size="xs" c="dimmed">
        {formatBytes(delivery.size)} in {formatDuration(delivery.ms)} · attempt {delivery.attempt} · <Time at={delivery.at} />
      </Text>
      {delivery.error && (
        <Text size="sm" c="var(--tw-fail)" mt={4}>
          {delivery.error}
        </Text>
      )}
      {delivery.receipt && <PairList pairs={receiptPairs(delivery.receipt)} />}
    </article>
  );
}

/** What the entry above does not say already. */
const told = new Set(['size', 'sha256', 'ms']);

function receiptPairs(receipt: Record<string, unknown>): [string, string][] {
  return Object.entries(receipt)
    .filter(([name]) => !told.has(name))
    .map(([name, value]) => [name === 'md5' ? 'MD5' : wordsOf(name), formatCell(value)]);
}
