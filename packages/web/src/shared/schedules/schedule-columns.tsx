import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import type { TableColumn } from '../DataTable.tsx';
import { StatusBadge } from '../StatusBadge.tsx';
import { Time } from '../Time.tsx';

/** As a list shows them; on the page of a flow without the flow. */
export const flowScheduleColumns: TableColumn<Schedule>[] = [
  {
    key: 'title',
    title: 'Schedule',
    isHead: true,
    render: (schedule) => (
      <>
        <Link to="/schedules/$slug" params={{ slug: schedule.slug }} search={{}} style={{ fontWeight: 600 }}>
          {schedule.definition.title}
        </Link>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {schedule.words.join('; ')} · {schedule.definition.timeZone}
        </Text>
      </>
    ),
  },
  { key: 'state', title: 'State', render: (schedule) => <ScheduleBadge schedule={schedule} /> },
  { key: 'next', title: 'Next', render: (schedule) => <NextMoment schedule={schedule} /> },
  { key: 'last', title: 'Last', render: (schedule) => <LastFiring schedule={schedule} /> },
];

export const scheduleColumns: TableColumn<Schedule>[] = [
  ...flowScheduleColumns.slice(0, 1),
  {
    key: 'flow',
    title: 'Flow',
    render: ({ definition, flowTitle }) => (
      <Link to="/flows/$slug" params={{ slug: definition.flow }}>
        {flowTitle}
      </Link>
    ),
  },
  ...flowScheduleColumns.slice(1),
  { key: 'owner', title: 'Runs as', isWide: true, render: ({ owner }) => <span className="tw-words">{owner ?? '–'}</span> },
];

export function ScheduleBadge({ schedule }: { schedule: Schedule }) {
  return schedule.problem ? <StatusBadge state="warning" label="Nothing to come" /> : <StatusBadge state={schedule.state} />;
}

function NextMoment({ schedule: { nextAt, problem } }: { schedule: Schedule }) {
  if (nextAt !== null) return <Time at={nextAt} relative />;
  return problem ? (
    <Text size="xs" lineClamp={2}>
      {problem}
    </Text>
  ) : (
    '–'
  );
}

function LastFiring({ schedule: { last } }: { schedule: Schedule }) {
  if (!last) return '–';
  if (!last.run) return <StatusBadge state={last.outcome} bare />;
  return (
    <Link to="/runs/$id" params={{ id: last.run.id }} search={{}}>
      <StatusBadge state={last.run.state} bare />
    </Link>
  );
}
