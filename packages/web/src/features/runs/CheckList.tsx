import { Text, Title } from '@mantine/core';
import type { CheckOutcome } from '@tidewheel/contract/values';
import { formatCount } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import classes from './CheckList.module.css';

/** Those that found something first. */
function byOutcome(left: CheckOutcome, right: CheckOutcome): number {
  return right.failedRows - left.failedRows || left.name.localeCompare(right.name);
}

/** How the checks of a step came out. */
export function CheckList({ checks }: { checks: CheckOutcome[] }) {
  return (
    <div>
      <Title order={3} mb={4}>
        Checks
      </Title>
      <ul className={classes['list']}>
        {checks.toSorted(byOutcome).map((check) => (
          <li key={check.name}>
            <div className={classes['head']}>
              <span className={classes['name']}>{check.name}</span>
              <StatusBadge state={check.outcome} bare label={check.failedRows > 0 ? `${formatCount(check.failedRows)} ${check.outcome}` : undefined} />
            </div>
            {check.message && check.failedRows > 0 && (
              <Text size="xs" c="dimmed">
                {check.message}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
