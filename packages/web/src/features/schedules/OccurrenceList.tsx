import { Text } from '@mantine/core';
import type { Occurrence } from '@tidewheel/contract/schedule';
import classes from './OccurrenceList.module.css';

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' });

/** Moments to come, on the clocks of the schedule's zone. */
export function OccurrenceList({ occurrences }: { occurrences: readonly Occurrence[] }) {
  if (occurrences.length === 0) return <Text size="sm">Nothing is to come.</Text>;
  return (
    <ol className={classes['list']}>
      {occurrences.map(({ instant, local, explanation, businessDate, movedFrom }) => (
        <li key={instant}>
          <time dateTime={instant} className={classes['when']}>
            {weekday.format(Date.parse(local.slice(0, 10)))} {local.slice(0, 10)} {local.slice(11, 19)}
            <span className={classes['offset']}> {local.slice(19)}</span>
          </time>
          <Text size="xs" c="dimmed" component="span">
            {explanation}
            {movedFrom && ` (planned for ${movedFrom.replace('T', ' ').slice(0, 16)} UTC)`}
            {businessDate !== local.slice(0, 10) && `, for ${businessDate}`}
          </Text>
        </li>
      ))}
    </ol>
  );
}
