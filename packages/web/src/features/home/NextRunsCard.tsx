import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../shared/Loaded.tsx';
import { nextSchedulesQuery } from '../../shared/schedules/schedule-lists.ts';
import { Time } from '../../shared/Time.tsx';
import classes from './RunsCard.module.css';

/** What starts by itself next. */
export function NextRunsCard() {
  const query = useQuery(nextSchedulesQuery);
  const hasSome = (query.data?.items.length ?? 0) > 0;
  return (
    <section className="tw-card" aria-label="Next runs">
      <div className={classes['head']}>
        <Title order={2}>Next runs</Title>
        {hasSome && (
          <span className={classes['more']}>
            <Link to="/schedules">All schedules</Link>
          </span>
        )}
      </div>
      <Loaded query={query} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed" px={16} pb={12}>
              Nothing is planned: no schedule is active.
            </Text>
          ) : (
            <ul className={classes['list']}>
              {items.map((schedule) => (
                <li key={schedule.id}>
                  <Link
                    to="/schedules/$slug"
                    params={{ slug: schedule.slug }}
                    search={{}}
                    className={classes['row']}
                    style={{ gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr) auto' }}
                  >
                    <span className={classes['name']}>{schedule.definition.title}</span>
                    <span className={classes['figures']} style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
                      {schedule.flowTitle}
                    </span>
                    <span className={classes['time']}>
                      <Time at={schedule.nextAt} relative />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
