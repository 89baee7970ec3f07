import { Anchor, Group, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { PerformanceTest } from '@tidewheel/contract/routes/performance';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { PerformanceDrawer, progressWords } from '../PerformanceDrawer.tsx';
import { performanceTestsQuery } from '../performance.queries.ts';

const route = getRouteApi('/app/operate/performance');
const titles = { running: 'Running', done: 'Done', cancelled: 'Cancelled' };

const columns: TableColumn<PerformanceTest>[] = [
  {
    key: 'flow',
    title: 'Flow',
    isHead: true,
    render: (test) => (
      <>
        <Link to="/operate/performance" search={(now) => ({ ...now, test: test.id })} style={{ fontWeight: 600 }}>
          {test.flowTitle}
        </Link>
        <Text size="xs" c="dimmed">
          version {test.version}, {test.concurrency} at once{test.mode === 'dry' && ', dry run'}
        </Text>
      </>
    ),
  },
  { key: 'progress', title: 'Progress', render: progressWords },
  { key: 'state', title: 'State', render: (test) => titles[test.state] },
  { key: 'median', title: 'Median of a run', align: 'right', render: (test) => (test.ms ? formatDuration(test.ms.p50) : '–') },
  {
    key: 'rate',
    title: 'Runs a minute',
    align: 'right',
    render: (test) => (test.runsPerMinute === null ? '–' : formatCount(Math.round(test.runsPerMinute))),
  },
  { key: 'at', title: 'Started', render: (test) => <Time at={test.createdAt} relative /> },
  { key: 'by', title: 'By', render: (test) => test.createdBy },
];

export function PerformancePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({ ...performanceTestsQuery(search.flow), refetchInterval: 5_000 });
  const open = (part: Partial<typeof search>) => void navigate({ search: { ...search, ...part }, replace: true });
  return (
    <>
      <PageHeader title="Performance" />
      <Group gap="xs" mb="sm">
        <FlowSelect value={search.flow} onChange={(flow) => open({ flow })} />
        {search.flow && (
          <Anchor component={Link} to={`/flows/${search.flow}`} size="sm">
            Open the flow
          </Anchor>
        )}
      </Group>
      <PagedList
        label="Performance tests"
        query={query}
        columns={columns}
        rowKey={(test) => test.id}
        empty={
          <EmptyState icon={IconGauge} title="No performance tests" action={<LinkButton to="/flows">Choose a flow</LinkButton>}>
            A flow is run many times over, and each of its steps is measured: More, Performance test on its page.
          </EmptyState>
        }
        one="performance test"
        many="performance tests"
      />
      {search.test && <PerformanceDrawer id={search.test} onClose={() => open({ test: undefined })} />}
    </>
  );
}
