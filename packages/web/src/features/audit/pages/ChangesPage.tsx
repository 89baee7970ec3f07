import { Badge, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Change } from '@tidewheel/contract/routes/changes';
import type { ChangesSearch } from '../../../app/search.ts';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { AuditObject } from '../AuditObject.tsx';
import { ChangeDrawer } from '../ChangeDrawer.tsx';
import { changeModulesQuery, changesQuery } from '../changes.queries.ts';

const route = getRouteApi('/app/admin/changes');

const columnsOf = (open: (id: string) => void): TableColumn<Change>[] => [
  {
    key: 'action',
    title: 'Change',
    isHead: true,
    render: (change) => (
      <Text size="sm" fw={600}>
        {change.action}
      </Text>
    ),
  },
  { key: 'what', title: 'What', isWide: true, render: (change) => <AuditObject object={change.object} /> },
  { key: 'who', title: 'Who', render: (change) => change.by },
  { key: 'at', title: 'When', render: (change) => <Time at={change.at} relative /> },
  { key: 'state', title: 'State', render: (change) => <ChangeState change={change} /> },
  {
    key: 'open',
    title: 'Details',
    align: 'right',
    render: (change) => (
      <Button size="compact-xs" variant="default" aria-label={`Show ${change.action} of ${change.at}`} onClick={() => open(change.id)}>
        Show
      </Button>
    ),
  },
];

function stateOf(change: Change): string {
  if (change.revertedBy !== null) return 'taken back';
  if (change.reverts !== null) return 'a revert';
  if (!change.revertible) return 'stays';
  return change.isNewest ? 'newest' : '–';
}

function ChangeState({ change }: { change: Change }) {
  const text = stateOf(change);
  if (text === '–') return text;
  return (
    <Badge size="sm" variant="light" color="gray" c="var(--mantine-color-text)" tt="none">
      {text}
    </Badge>
  );
}

/** What was changed in each module, and the way to take it back. */
export function ChangesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: ChangesSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const query = useInfiniteQuery(changesQuery({ module: search.module, by: search.by }));
  const isFiltered = search.module !== undefined || search.by !== undefined;
  return (
    <>
      <PageHeader title="Change log" />
      <ChangeFilters search={search} set={set} />
      <PagedList
        label="Changes"
        query={query}
        columns={columnsOf((change) => set({ change }))}
        rowKey={(change) => change.id}
        empty={
          <EmptyState icon={IconArrowBackUp} title={isFiltered ? 'Nothing matches these filters' : 'Nothing was changed yet'}>
            Changes of flows, connections, files, users and settings are listed here, and can be taken back.
          </EmptyState>
        }
        one="change"
        many="changes"
      />
      {search.change !== undefined && <ChangeDrawer id={search.change} onClose={() => set({ change: undefined })} />}
    </>
  );
}

function ChangeFilters({ search, set }: { search: ChangesSearch; set: (part: ChangesSearch) => void }) {
  const modules = useQuery(changeModulesQuery).data ?? [];
  const by = useSearchText(search.by, (text) => set({ by: text }));
  return (
    <Group gap="xs" mb="sm" align="flex-end">
      <Select
        size="xs"
        w={220}
        label="Module"
        placeholder="Any"
        clearable
        data={modules.map(({ name, title }) => ({ value: name, label: title }))}
        value={search.module ?? null}
        onChange={(module) => set({ module: module ?? undefined })}
      />
      <TextInput size="xs" w={220} label="Who" placeholder="Part of the e-mail" value={by.text} onChange={(event) => by.change(event.currentTarget.value)} />
    </Group>
  );
}
