import { Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Page } from '@tidewheel/contract/page';
import type { RunSummary } from '@tidewheel/contract/run';
import type { ReactNode } from 'react';
import { Loaded } from '../../shared/Loaded.tsx';
import { RunRow } from './RunRow.tsx';
import classes from './RunsCard.module.css';

/** A few runs in one card, with the way to all of them. */
export function RunsCard({ title, query, none, more }: { title: string; query: UseQueryResult<Page<RunSummary>, Error>; none: string; more: ReactNode }) {
  const total = query.data?.total ?? 0;
  return (
    <section className="tw-card" aria-label={title}>
      <div className={classes['head']}>
        <Title order={2}>
          {title}
          {total > 0 && (
            <span className={classes['count']}>
              {total}
              {query.data?.totalCapped && '+'}
            </span>
          )}
        </Title>
        {total > 0 && <span className={classes['more']}>{more}</span>}
      </div>
      <Loaded query={query} lines={2}>
        {(page) =>
          page.items.length === 0 ? (
            <Text size="sm" c="dimmed" px={16} pb={12}>
              {none}
            </Text>
          ) : (
            <ul className={classes['list']}>
              {page.items.map((run) => (
                <li key={run.id}>
                  <RunRow run={run} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
