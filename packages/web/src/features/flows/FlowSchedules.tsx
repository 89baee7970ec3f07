import { IconCalendarClock, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { flowScheduleColumns } from '../../shared/schedules/schedule-columns.tsx';
import { schedulesQuery } from '../../shared/schedules/schedule-lists.ts';
import { useCan } from '../../shared/session.ts';

/** What starts this flow at its times. */
export function FlowSchedules({ slug, attributes }: { slug: string; attributes: Record<string, string | null> }) {
  const query = useInfiniteQuery(schedulesQuery({ flow: slug }));
  const create = useCan('schedule.edit', attributes) && (
    <LinkButton to="/schedules/new" search={{ flow: slug }} size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
      New schedule
    </LinkButton>
  );
  const hasSome = (query.data?.pages[0]?.items.length ?? 0) > 0;
  const empty = (
    <EmptyState icon={IconCalendarClock} title="No schedule starts this flow" action={create}>
      A schedule starts it at moments that rules name: times of the day, business days, so many days after the end of a month.
    </EmptyState>
  );
  return (
    <>
      {hasSome && <div style={{ margin: '8px 0' }}>{create}</div>}
      <PagedList
        label="Schedules of this flow"
        query={query}
        columns={flowScheduleColumns}
        rowKey={(schedule) => schedule.id}
        empty={empty}
        one="schedule"
        many="schedules"
      />
    </>
  );
}
