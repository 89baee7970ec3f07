import { IconPlayerPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TargetRun } from '@tidewheel/contract/routes/targets';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { targetRunsQuery } from './targets.queries.ts';

const columns: TableColumn<TargetRun>[] = [
  {
    key: 'run',
    title: 'Run',
    isHead: true,
    render: (run) => (
      <Link to="/runs/$id" params={{ id: run.id }}>
        {run.title} #{run.number}
      </Link>
    ),
  },
  { key: 'state', title: 'State', render: (run) => <StatusBadge state={run.state} bare /> },
  { key: 'at', title: 'Opened the host', render: (run) => <Time at={run.at} relative /> },
];

/** The runs that opened a host. */
export function TargetRuns({ target }: { target: string }) {
  const query = useInfiniteQuery(targetRunsQuery(target));
  const empty = (
    <EmptyState icon={IconPlayerPlay} title="No run has opened it">
      Runs whose steps name this host are listed here.
    </EmptyState>
  );
  return <PagedList label="Runs" query={query} columns={columns} rowKey={(run) => run.id} empty={empty} one="run" many="runs" />;
}
