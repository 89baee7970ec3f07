import { Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { exportAudit } from '@tidewheel/client/routes';
import type { AuditEntry, AuditFilter } from '@tidewheel/contract/routes/audit';
import type { AuditSearch } from '../../../app/search.ts';
import { api } from '../../../shared/api.ts';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { DownloadButton } from '../../../shared/DownloadButton.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { AuditFilters } from '../AuditFilters.tsx';
import { AuditObject } from '../AuditObject.tsx';
import { auditQuery, filterOf } from '../audit.queries.ts';
import { EntryDrawer } from '../EntryDrawer.tsx';
import { RetentionButton } from '../RetentionButton.tsx';

const route = getRouteApi('/app/admin/audit');

const columnsOf = (open: (id: string) => void): TableColumn<AuditEntry>[] => [
  {
    key: 'action',
    title: 'Action',
    isHead: true,
    render: (entry) => (
      <Text size="sm" fw={600}>
        {entry.action}
      </Text>
    ),
  },
  { key: 'who', title: 'Who', render: (entry) => entry.actor?.label ?? 'erased' },
  { key: 'what', title: 'What', isWide: true, render: (entry) => <AuditObject object={entry.object} /> },
  { key: 'address', title: 'Address', render: (entry) => entry.address ?? '–' },
  { key: 'at', title: 'When', render: (entry) => <Time at={entry.at} relative /> },
  {
    key: 'open',
    title: 'Details',
    align: 'right',
    render: (entry) => (
      <Button size="compact-xs" variant="default" aria-label={`Show ${entry.action} of ${entry.at}`} onClick={() => open(entry.id)}>
        Show
      </Button>
    ),
  },
];

function AuditPageActions({ filter }: { filter: AuditFilter }) {
  return (
    <Group gap="xs">
      <RetentionButton />
      <DownloadButton href={api.addressOf(exportAudit, { query: filter })} fileName="audit.ndjson" size="sm" />
    </Group>
  );
}

/** Everything that was done, with filters in the address. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: AuditSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const filter = filterOf(search);
  const query = useInfiniteQuery(auditQuery(filter));
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const empty = (
    <EmptyState icon={IconHistory} title={isFiltered ? 'Nothing matches these filters' : 'Nothing was done yet'}>
      Every change and every read of something sensitive is listed here.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Audit" actions={<AuditPageActions filter={filter} />} />
      <AuditFilters search={search} set={set} />
      <PagedList
        label="Audit entries"
        query={query}
        columns={columnsOf((entry) => set({ entry }))}
        rowKey={(entry) => entry.id}
        empty={empty}
        one="entry"
        many="entries"
      />
      {search.entry !== undefined && (
        <EntryDrawer id={search.entry} onClose={() => set({ entry: undefined })} onObject={(object) => void navigate({ search: { object } })} />
      )}
    </>
  );
}
