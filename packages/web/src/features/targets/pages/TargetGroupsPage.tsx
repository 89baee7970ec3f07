import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { archiveTargetGroup } from '@tidewheel/client/routes';
import type { TargetGroup } from '@tidewheel/contract/target';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount } from '../../../shared/format.ts';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { GroupDialog } from '../GroupDialog.tsx';
import { TargetTabs } from '../TargetTabs.tsx';
import { targetGroupsQuery } from '../targets.queries.ts';

const route = getRouteApi('/app/target-groups');

export function TargetGroupsPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('target.edit');
  const query = useInfiniteQuery(targetGroupsQuery(q));
  const [open, setOpen] = useState<TargetGroup | 'new' | null>(null);
  const search = useSearchText(q, (text) => void navigate({ search: text === undefined ? {} : { q: text }, replace: true }));
  const create = canEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('new')}>
      New group
    </Button>
  );
  const columns: TableColumn<TargetGroup>[] = [
    {
      key: 'group',
      title: 'Group',
      isHead: true,
      render: (group) => (
        <>
          <Link to="/targets" search={{ group: group.slug }} style={{ fontWeight: 600 }}>
            {group.title}
          </Link>
          <Text size="xs" c="dimmed">
            {group.slug}
            {group.description && ` · ${group.description}`}
          </Text>
        </>
      ),
    },
    {
      key: 'members',
      title: 'Hosts',
      align: 'right',
      render: ({ members, undecided }) => (undecided > 0 ? `${formatCount(members)} (${formatCount(undecided)} not decided)` : formatCount(members)),
    },
    { key: 'query', title: 'Query', isWide: true, render: ({ query: asked }) => (asked === null ? 'a list' : <code className="tw-mono">{asked}</code>) },
    {
      key: 'actions',
      title: '',
      render: (group) =>
        canEdit && (
          <Group gap={6} wrap="nowrap" justify="flex-end">
            <Button size="xs" variant="default" onClick={() => setOpen(group)}>
              Edit
            </Button>
            <ArchiveButton group={group} />
          </Group>
        ),
    },
  ];
  const empty =
    q === undefined ? (
      <EmptyState icon={IconStack2} title="No groups yet" action={create}>
        A group is a list of hosts, or a query that always finds those that fit. Flows run on groups, and permissions of hosts stay as they are.
      </EmptyState>
    ) : (
      <EmptyState icon={IconStack2} title="No group has that in its name" />
    );
  return (
    <>
      <PageHeader title="Targets" actions={create} />
      <TargetTabs value="groups" />
      <Group mb="sm">
        <NameSearch search={search} />
      </Group>
      <PagedList label="Groups" query={query} columns={columns} rowKey={(group) => group.id} empty={empty} one="group" many="groups" />
      {open !== null && <GroupDialog group={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}

function ArchiveButton({ group }: { group: TargetGroup }) {
  const queries = useQueryClient();
  const archive = useMutation({
    mutationFn: () => api.call(archiveTargetGroup, { params: { slug: group.slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['targets'] }),
  });
  const ask = { title: 'Archive this group?', text: 'Its hosts stay. Flows that run on it will fail.', confirm: 'Archive', isDanger: true };
  return (
    <ConfirmButton ask={ask} mutation={archive} size="xs">
      Archive
    </ConfirmButton>
  );
}
