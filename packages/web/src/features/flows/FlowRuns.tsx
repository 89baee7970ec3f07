import { Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { runColumns } from '../../shared/runs/run-columns.tsx';
import { runsQuery } from '../../shared/runs/run-lists.ts';
import { useLiveRuns } from '../../shared/runs/use-live-runs.ts';

export function FlowRuns({ slug }: { slug: string }) {
  const query = useInfiniteQuery(runsQuery({ flow: slug }));
  useLiveRuns();
  const empty = (
    <EmptyState icon={IconPlayerPlay} title="This flow has not run yet">
      <Text component="span">Its runs are listed here once it has.</Text>
    </EmptyState>
  );
  return <PagedList label="Runs of this flow" query={query} columns={runColumns} rowKey={(run) => run.id} empty={empty} one="run" many="runs" />;
}
