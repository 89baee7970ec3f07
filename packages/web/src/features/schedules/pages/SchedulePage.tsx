import { Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { ScheduleBadge } from '../../../shared/schedules/schedule-columns.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { FiringHistory } from '../FiringHistory.tsx';
import { OccurrenceList } from '../OccurrenceList.tsx';
import { ScheduleActions } from '../ScheduleActions.tsx';
import { ScheduleCalendar } from '../ScheduleCalendar.tsx';
import { ScheduleForm } from '../ScheduleForm.tsx';
import { nextQuery, scheduleQuery } from '../schedules.queries.ts';
import { WhyPanel } from '../WhyPanel.tsx';

const route = getRouteApi('/app/schedules/$slug');

export function SchedulePage() {
  const { slug } = route.useParams();
  const query = useQuery(scheduleQuery(slug));
  return <Loaded query={query}>{(schedule) => <ScheduleView schedule={schedule} />}</Loaded>;
}

function ScheduleView({ schedule }: { schedule: Schedule }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { definition, slug } = schedule;
  const canEdit =
    useCan('schedule.edit', { schedule: slug, flow: definition.flow, folder: schedule.folder, kind: schedule.kind }) && schedule.archivedAt === null;
  const show = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const tab = search.tab ?? 'calendar';
  return (
    <>
      <PageHeader
        title={definition.title}
        above={<Link to="/schedules">Schedules</Link>}
        facts={<ScheduleFacts schedule={schedule} />}
        actions={<ScheduleActions schedule={schedule} canEdit={canEdit} />}
      />
      <Text size="sm" mb="sm">
        {schedule.words.join('; ')} ({definition.timeZone}){definition.description && <span>. {definition.description}</span>}
      </Text>
      {schedule.problem && (
        <Text size="sm" c="var(--tw-wait)" mb="sm">
          {schedule.problem}
        </Text>
      )}
      <Tabs value={tab} onChange={(value) => show({ tab: value === 'calendar' ? undefined : (value as 'next') })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="calendar">Calendar</Tabs.Tab>
          <Tabs.Tab value="next">Next 50</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="why">Why</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="calendar">
          <ScheduleCalendar schedule={schedule} canEdit={canEdit} day={search.day} view={search.view ?? 'month'} onShow={show} />
        </Tabs.Panel>
        <Tabs.Panel value="next">
          <NextFifty slug={slug} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <FiringHistory slug={slug} outcome={search.outcome} onOutcome={(outcome) => show({ outcome })} />
        </Tabs.Panel>
        <Tabs.Panel value="why">
          <WhyPanel slug={slug} date={search.day} onDate={(day) => show({ day })} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          {canEdit ? (
            // Its state changes by itself: only a change of its settings makes the form anew.
            <ScheduleForm key={schedule.revision} schedule={schedule} initial={definition} />
          ) : (
            <Text size="sm">{schedule.archivedAt ? 'It is archived: restore it to change it.' : 'You may see this schedule and not change it.'}</Text>
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function ScheduleFacts({ schedule }: { schedule: Schedule }) {
  const { definition, nextAt, owner } = schedule;
  return (
    <>
      <ScheduleBadge schedule={schedule} />
      {nextAt && (
        <span>
          next <Time at={nextAt} relative />
        </span>
      )}
      <Link to="/flows/$slug" params={{ slug: definition.flow }}>
        {schedule.flowTitle}
      </Link>
      <span>runs as {owner ?? 'its owner'}</span>
      <Link to="/runs" search={{ schedule: schedule.slug }}>
        all its runs
      </Link>
      <span className="tw-mono">{schedule.slug}</span>
      <HistoryLink id={schedule.id} />
    </>
  );
}

function NextFifty({ slug }: { slug: string }) {
  const query = useQuery(nextQuery(slug));
  return (
    <div className="tw-card" style={{ padding: '12px 16px' }}>
      <Loaded query={query}>
        {({ items, stopped }) => (
          <>
            <OccurrenceList occurrences={items} />
            {stopped && (
              <Text size="sm" c="var(--tw-wait)" mt="sm">
                {stopped}
              </Text>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
