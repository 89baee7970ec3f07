import { Group, Select, Text } from '@mantine/core';
import { IconCalendarClock } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Firing, firingOutcomes } from '@tidewheel/contract/schedule';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatDuration } from '../../shared/format.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { statusOf } from '../../shared/status.ts';
import { Time } from '../../shared/Time.tsx';
import { firingsQuery } from './schedules.queries.ts';

export const firingColumns: TableColumn<Firing>[] = [
  { key: 'instant', title: 'Due', isHead: true, render: (firing) => <Time at={firing.instant} /> },
  { key: 'outcome', title: 'Outcome', render: (firing) => <StatusBadge state={firing.outcome} bare /> },
  {
    key: 'run',
    title: 'Run',
    render: ({ run }) =>
      run ? (
        <Link to="/runs/$id" params={{ id: run.id }} search={{}}>
          #{run.number} <StatusBadge state={run.state} bare />
        </Link>
      ) : (
        '–'
      ),
  },
  { key: 'late', title: 'Late', align: 'right', render: (firing) => (firing.outcome === 'fired' && !firing.by ? formatDuration(firing.lateMs) : '–') },
  {
    key: 'why',
    title: 'Why',
    isWide: true,
    render: (firing) => (
      <Text size="sm" c={firing.outcome === 'failed' ? 'var(--tw-fail)' : undefined} component="span">
        {firing.why}
        {firing.by && ` (${firing.by})`}
        {firing.planned !== firing.instant && (
          <>
            {' '}
            planned for <Time at={firing.planned} />
          </>
        )}
      </Text>
    ),
  },
];

interface FiringHistoryProps {
  slug: string;
  outcome: Firing['outcome'] | undefined;
  onOutcome: (outcome: Firing['outcome'] | undefined) => void;
}

/** What became of each planned moment. */
export function FiringHistory({ slug, outcome, onOutcome }: FiringHistoryProps) {
  const query = useInfiniteQuery({ ...firingsQuery(slug, outcome), refetchInterval: 10_000 });
  const empty = (
    <EmptyState icon={IconCalendarClock} title={outcome ? 'Nothing with this outcome' : 'Nothing was due yet'}>
      Each planned moment stands here with its run, or with the reason why it started none.
    </EmptyState>
  );
  return (
    <>
      <Group mb="sm">
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          clearable
          data={firingOutcomes.map((value) => ({ value, label: statusOf(value).label }))}
          value={outcome ?? null}
          onChange={(value) => onOutcome((value as Firing['outcome'] | null) ?? undefined)}
          w={160}
          size="xs"
        />
      </Group>
      <PagedList label="History" query={query} columns={firingColumns} rowKey={(firing) => firing.instant} empty={empty} one="moment" many="moments" />
    </>
  );
}
