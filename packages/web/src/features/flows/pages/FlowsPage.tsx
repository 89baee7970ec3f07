import { Button, Group, Select, Switch } from '@mantine/core';
import { IconPlus, IconSitemap } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { FlowFilter } from '@tidewheel/contract/routes/flow-bulk';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import { lazy, Suspense, useState } from 'react';
import { BulkMenu } from '../../../shared/bulk/BulkMenu.tsx';
import { selectColumns } from '../../../shared/bulk/select-column.tsx';
import { useChoice } from '../../../shared/bulk/use-choice.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FolderFilter } from '../../../shared/FolderFilter.tsx';
import { folderOf } from '../../../shared/folder-of.ts';
import { kindChoices } from '../../../shared/kinds.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useLiveRuns } from '../../../shared/runs/use-live-runs.ts';
import { useCan } from '../../../shared/session.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { FlowTransfer } from '../FlowTransfer.tsx';
import { useFlowColumns } from '../flow-columns.tsx';
import { type FlowVerb, verbsFor, verbTitles } from '../flow-verbs.ts';
import { flowsQuery } from '../flows.queries.ts';

const BulkFlowsDialog = lazy(async () => ({ default: (await import('../BulkFlowsDialog.tsx')).BulkFlowsDialog }));
const route = getRouteApi('/app/flows');

export function FlowsPage() {
  const { q, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('flow.edit');
  const columns = useFlowColumns();
  const query = useInfiniteQuery(flowsQuery({ ...filter, search: q }));
  const total = query.data?.pages[0]?.total ?? 0;
  const many = useChoice<FlowFilter>({ ...filter, search: q }, total);
  const [verb, setVerb] = useState<FlowVerb | null>(null);
  useLiveRuns();
  const set = (part: ReturnType<typeof route.useSearch>) => {
    many.clear();
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const search = useSearchText(q, (text) => set({ q: text }));
  const folder = useSearchText(filter.folder, (text) => set({ folder: folderOf(text) }));
  const create = canEdit && (
    <LinkButton to="/flows/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New flow
    </LinkButton>
  );
  const empty =
    q !== undefined || Object.keys(filter).length > 0 ? (
      <EmptyState
        icon={IconSitemap}
        title="No flow matches these filters"
        action={
          <Button variant="default" component={Link} to="/flows">
            Clear the filters
          </Button>
        }
      />
    ) : (
      <EmptyState icon={IconSitemap} title="No flows yet" action={create}>
        A flow names the steps of a piece of work and how data passes between them.
      </EmptyState>
    );
  return (
    <>
      <PageHeader
        title="Flows"
        actions={
          <>
            <FlowTransfer canEdit={canEdit} folder={filter.folder} kind={filter.kind} />
            {create}
          </>
        }
      />
      <Group gap="xs" mb="sm">
        <NameSearch search={search} />
        <Select
          size="xs"
          w={140}
          aria-label="Kind"
          placeholder="Any kind"
          clearable
          data={kindChoices}
          value={filter.kind ?? null}
          onChange={(kind) => set({ kind: (kind ?? undefined) as typeof filter.kind })}
        />
        <FolderFilter folder={folder} />
        <Switch
          size="xs"
          label="Archived"
          checked={filter.archived ?? false}
          onChange={(event) => set({ archived: event.currentTarget.checked || undefined })}
        />
        {canEdit && total > 0 && (
          <BulkMenu
            which={many.which}
            chosen={many.selected.size}
            onClear={many.clear}
            verbs={verbsFor(filter.archived === true)}
            titles={verbTitles}
            onChoose={setVerb}
          />
        )}
      </Group>
      <PagedList
        label="Flows"
        query={query}
        columns={[...selectColumns<FlowSummary>(({ slug }) => slug, { selected: many.selected, onSelect: canEdit ? many.select : null }), ...columns]}
        rowKey={(flow) => flow.id}
        empty={empty}
        one="flow"
        many="flows"
      />
      <Suspense fallback={null}>
        {verb && <BulkFlowsDialog choice={many.choice} verb={verb} which={many.which} onClose={() => setVerb(null)} onDone={many.clear} />}
      </Suspense>
    </>
  );
}
