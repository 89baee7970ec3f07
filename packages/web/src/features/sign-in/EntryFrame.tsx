import { Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Mark } from '../../shared/Mark.tsx';
import classes from './EntryFrame.module.css';

/** The page that a person sees before being signed in. */
export function EntryFrame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tidewheel`;
  }, [title]);
  return (
    <main className={classes['page']}>
      <div className={classes['brand']}>
        <Mark size={40} />
        <span>Tidewheel</span>
      </div>
      <section className={`tw-card ${classes['card']}`}>
        <Title order={1} mb="md">
          {title}
        </Title>
        {children}
      </section>
    </main>
  );
}
