import { Button, Group, Text } from '@mantine/core';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Connection } from '@tidewheel/contract/routes/connections';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FolderFilter } from '../../../shared/FolderFilter.tsx';
import { folderOf } from '../../../shared/folder-of.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { connectionsQuery, connectorsQuery } from '../connections.queries.ts';

const route = getRouteApi('/app/connections');

export function ConnectionsPage() {
  const { q, folder } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('connection.edit');
  const query = useInfiniteQuery(connectionsQuery({ search: q, folder }));
  const connectors = useQuery(connectorsQuery).data ?? [];
  const set = (part: ReturnType<typeof route.useSearch>) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const search = useSearchText(q, (text) => set({ q: text }));
  const inFolder = useSearchText(folder, (text) => set({ folder: folderOf(text) }));
  const clear = () => {
    search.change('');
    inFolder.change('');
  };
  const create = canEdit && (
    <LinkButton to="/connections/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New connection
    </LinkButton>
  );
  const columns: TableColumn<Connection>[] = [
    {
      key: 'name',
      title: 'Connection',
      isHead: true,
      render: (connection) => (
        <>
          <Link to="/connections/$slug" params={{ slug: connection.slug }} style={{ fontWeight: 600 }}>
            {connection.title}
          </Link>
          <Text size="xs" c="dimmed">
            {connection.slug}
          </Text>
        </>
      ),
    },
    { key: 'type', title: 'Type', render: (connection) => connectors.find((connector) => connector.type === connection.type)?.title ?? connection.type },
    { key: 'folder', title: 'Folder', render: (connection) => connection.folder ?? '–' },
    { key: 'secret', title: 'Secret', render: (connection) => connection.credential ?? (connection.hasSecret ? 'stored' : '–') },
    { key: 'updated', title: 'Changed', render: (connection) => <Time at={connection.updatedAt} relative /> },
  ];
  const empty =
    q === undefined && folder === undefined ? (
      <EmptyState icon={IconPlug} title="No connections yet" action={create}>
        A connection is a folder or a server that flows read from and deliver to. Its secret is kept in the vault and never shown again.
      </EmptyState>
    ) : (
      <EmptyState
        icon={IconPlug}
        title="No connection matches these filters"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      />
    );
  return (
    <>
      <PageHeader title="Connections" actions={create} />
      <Group gap="xs" mb="sm">
        <NameSearch search={search} />
        <FolderFilter folder={inFolder} />
      </Group>
      <PagedList label="Connections" query={query} columns={columns} rowKey={(connection) => connection.id} empty={empty} one="connection" many="connections" />
    </>
  );
}
