import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './PageHeader.module.css';

/** The head of a page: where it belongs, its title, its facts and what can be done. */
export function PageHeader({ title, above, facts, actions }: { title: string; above?: ReactNode; facts?: ReactNode; actions?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tidewheel`;
  }, [title]);
  return (
    <header className={classes['header']}>
      <div className={classes['text']}>
        {above && <div className={classes['above']}>{above}</div>}
        <Title order={1}>{title}</Title>
        {facts && <div className={classes['facts']}>{facts}</div>}
      </div>
      {actions && (
        <Group gap="xs" className={classes['actions']}>
          {actions}
        </Group>
      )}
    </header>
  );
}
