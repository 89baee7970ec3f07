import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './PairList.module.css';

/** Names and values below one another. */
export function PairList({ title, pairs }: { title?: string; pairs: [string, ReactNode][] }) {
  return (
    <div>
      {title && (
        <Title order={3} mb={4}>
          {title}
        </Title>
      )}
      <dl className={classes['pairs']}>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
