import { Text } from '@mantine/core';
import type { Delivery } from '@tidewheel/contract/routes/runs';
import { formatBytes, formatDuration } from '../../shared/format.ts';
import { PairList } from '../../shared/PairList.tsx';
import { receiptPairs } from '../../shared/receipt.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
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
