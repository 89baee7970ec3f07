import { Group, Progress, Text } from '@mantine/core';
import { IconCalendarRepeat } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { cancelBackfill } from '@tidewheel/client/routes';
import type { Backfill } from '@tidewheel/contract/routes/backfills';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { backfillsQuery } from '../operations.queries.ts';

const route = getRouteApi('/app/operate/backfills');
const titles = { running: 'Running', done: 'Done', cancelled: 'Cancelled' };

const columns: TableColumn<Backfill>[] = [
  {
    key: 'flow',
    title: 'Flow',
    isHead: true,
    render: (backfill) => (
      <>
        <Link to="/flows/$slug" params={{ slug: backfill.flow }} style={{ fontWeight: 600 }}>
          {backfill.flowTitle}
        </Link>
        <Text size="xs" c="dimmed">
          {backfill.parameter} from {backfill.from} to {backfill.to}, each {backfill.every}
          {backfill.mode === 'dry' && ', dry run'}
        </Text>
      </>
    ),
  },
  { key: 'progress', title: 'Progress', isWide: true, render: (backfill) => <BackfillProgress backfill={backfill} /> },
  { key: 'state', title: 'State', render: (backfill) => titles[backfill.state] },
  { key: 'at', title: 'Started', render: (backfill) => <Time at={backfill.createdAt} relative /> },
  { key: 'by', title: 'By', render: (backfill) => backfill.createdBy },
  { key: 'cancel', title: '', render: (backfill) => backfill.state === 'running' && <CancelButton backfill={backfill} /> },
];

export function BackfillsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({ ...backfillsQuery(search.flow), refetchInterval: 5_000 });
  return (
    <>
      <PageHeader title="Backfills" />
      <Group gap="xs" mb="sm">
        <FlowSelect value={search.flow} onChange={(flow) => void navigate({ search: { flow }, replace: true })} />
      </Group>
      <PagedList
        label="Backfills"
        query={query}
        columns={columns}
        rowKey={(backfill) => backfill.id}
        empty={
          <EmptyState icon={IconCalendarRepeat} title="No backfills" action={<LinkButton to="/flows">Choose a flow</LinkButton>}>
            A flow with a date parameter can be run for every date of a range: More, Backfill on its page.
          </EmptyState>
        }
        one="backfill"
        many="backfills"
      />
    </>
  );
}

function BackfillProgress({ backfill: { progress, failed } }: { backfill: Backfill }) {
  const { total, succeeded, running } = progress;
  const share = (count: number) => (100 * count) / Math.max(1, total);
  return (
    <div style={{ minWidth: 180 }}>
      <Progress.Root size="md">
        <Progress.Section value={share(succeeded)} color="teal" aria-label="Succeeded" />
        <Progress.Section value={share(progress.failed)} color="red" aria-label="Failed" />
        <Progress.Section value={share(progress.cancelled)} color="gray" aria-label="Cancelled" />
      </Progress.Root>
      <Text size="xs" mt={2}>
        {succeeded} of {total} succeeded{running > 0 && `, ${running} running`}
        {progress.cancelled > 0 && `, ${progress.cancelled} cancelled`}
        {progress.failed > 0 && `, ${progress.failed} failed: `}
        {failed.slice(0, 3).map(({ run, date }) => (
          <Link key={run} to="/runs/$id" params={{ id: run }} style={{ marginRight: 6 }}>
            {date}
          </Link>
        ))}
      </Text>
    </div>
  );
}

function CancelButton({ backfill }: { backfill: Backfill }) {
  const queries = useQueryClient();
  const canCancel = useCan('run.cancel');
  const cancel = useMutation({
    mutationFn: () => api.call(cancelBackfill, { params: { id: backfill.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['backfills'] }),
  });
  if (!canCancel) return null;
  const ask = {
    title: 'Cancel this backfill?',
    text: 'Its runs that are not over are cancelled. What succeeded stays.',
    confirm: 'Cancel the backfill',
    isDanger: true,
  };
  return (
    <ConfirmButton ask={ask} mutation={cancel} size="xs">
      Cancel
    </ConfirmButton>
  );
}
