import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CalendarUsage } from '@tidewheel/contract/routes/calendars';
import { Loaded } from '../../shared/Loaded.tsx';
import classes from '../../shared/Split.module.css';
import { usageQuery } from './calendars.queries.ts';
import { capital } from './day-words.ts';

/** What names the calendar now: it cannot be archived while there is something. */
export function CalendarUses({ slug }: { slug: string }) {
  const query = useQuery(usageQuery(slug));
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Used by">
      <Title order={2} mb="xs">
        Used by
      </Title>
      <Loaded query={query} lines={2}>
        {(usage) => <Uses usage={usage} />}
      </Loaded>
    </section>
  );
}

function Uses({ usage: { uses, hidden } }: { usage: CalendarUsage }) {
  if (uses.length + hidden === 0)
    return (
      <Text size="sm">
        Nothing yet. In a flow: <code className="tw-mono">calendar("…").next(today)</code>
      </Text>
    );
  return (
    <>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {uses.map(({ kind, slug, title }) => (
          <li key={`${kind} ${slug}`}>
            {capital(kind)} <UseLink kind={kind} slug={slug} title={title} />
          </li>
        ))}
      </ul>
      {hidden > 0 && <Text size="sm">and {hidden} more that you may not see.</Text>}
    </>
  );
}

function UseLink({ kind, slug, title }: CalendarUsage['uses'][number]) {
  if (kind === 'flow')
    return (
      <Link to="/flows/$slug" params={{ slug }}>
        {title}
      </Link>
    );
  if (kind === 'calendar')
    return (
      <Link to="/calendars/$slug" params={{ slug }} search={{}}>
        {title}
      </Link>
    );
  if (kind === 'schedule')
    return (
      <Link to="/schedules/$slug" params={{ slug }} search={{}}>
        {title}
      </Link>
    );
  if (kind === 'trigger')
    return (
      <Link to="/triggers/$slug" params={{ slug }}>
        {title}
      </Link>
    );
  return <>{title}</>;
}
