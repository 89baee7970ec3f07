import { Button, Group, Select, Text } from '@mantine/core';
import { IconBell, IconChecks } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { readInbox } from '@tidewheel/client/routes';
import { severities } from '@tidewheel/contract/notification';
import type { InboxItem } from '@tidewheel/contract/notify';
import { api } from '../../../shared/api.ts';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { unreadQuery } from '../../../shared/inbox-count.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';
import { AboutLink } from '../AboutLink.tsx';
import { inboxQuery } from '../notifications.queries.ts';

const route = getRouteApi('/app/notifications');

/** What I was told of in this workspace, newest first. */
export function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(inboxQuery(search));
  const read = useRead();
  const set = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  const columns: TableColumn<InboxItem>[] = [
    { key: 'what', title: 'What', isHead: true, render: (item) => <What item={item} onOpen={() => item.readAt === null && read.mutate([item.id])} /> },
    { key: 'severity', title: 'Severity', render: (item) => <StatusBadge state={item.severity} bare /> },
    { key: 'flow', title: 'Flow', render: (item) => item.flow ?? '–' },
    { key: 'at', title: 'When', render: (item) => <Time at={item.at} relative /> },
    {
      key: 'read',
      title: 'Read',
      align: 'right',
      render: (item) =>
        item.readAt === null ? (
          <Button size="compact-xs" variant="default" onClick={() => read.mutate([item.id])} aria-label={`Mark as read: ${item.title}`}>
            Mark as read
          </Button>
        ) : (
          <Time at={item.readAt} relative />
        ),
    },
  ];
  return (
    <>
      <PageHeader
        title="Notifications"
        actions={
          <>
            <LinkButton variant="default" to="/profile/notifications">
              How I am told
            </LinkButton>
            <Button leftSection={<IconChecks size={16} aria-hidden />} variant="default" loading={read.isPending} onClick={() => read.mutate(undefined)}>
              Mark all as read
            </Button>
          </>
        }
      />
      <Group gap="xs" mb="sm">
        <Select
          aria-label="Read or not"
          data={[
            { value: 'all', label: 'Read or not' },
            { value: 'unread', label: 'Not read' },
          ]}
          value={search.unread ? 'unread' : 'all'}
          allowDeselect={false}
          onChange={(value) => set({ unread: value === 'unread' ? true : undefined })}
          w={150}
          size="xs"
        />
        <Select
          aria-label="Severity"
          placeholder="Any severity"
          clearable
          data={[...severities]}
          value={search.severity ?? null}
          onChange={(value) => set({ severity: (value ?? undefined) as typeof search.severity })}
          w={150}
          size="xs"
        />
        <FlowSelect value={search.flow} onChange={(flow) => set({ flow })} />
      </Group>
      <PagedList
        label="Notifications"
        query={query}
        columns={columns}
        rowKey={(item) => item.id}
        one="notification"
        many="notifications"
        empty={
          <EmptyState icon={IconBell} title={isFiltered ? 'No notification matches these filters' : 'Nothing to tell you'}>
            {isFiltered ? 'Take a filter away to see more.' : 'When a run that you started or a flow that you own fails, it stands here at once.'}
          </EmptyState>
        }
      />
    </>
  );
}

function What({ item, onOpen }: { item: InboxItem; onOpen: () => void }) {
  return (
    <>
      <Text component="span" size="sm" fw={item.readAt === null ? 650 : 400}>
        <AboutLink object={item.object} flow={item.flow} onOpen={onOpen}>
          {item.title}
        </AboutLink>
        {item.more > 0 && <span> and {item.more} more like it</span>}
      </Text>
      {item.text !== '' && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          {item.text}
        </Text>
      )}
    </>
  );
}

/** Marks some as read, or all of them. */
function useRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | undefined) => api.call(readInbox, { body: ids ? { ids } : {} }),
    onSuccess: ({ unread }) => {
      queries.setQueryData(unreadQuery.queryKey, unread);
      return queries.invalidateQueries({ queryKey: ['inbox', 'list'] });
    },
  });
}
