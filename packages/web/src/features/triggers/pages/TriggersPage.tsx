import { Group, Select } from '@mantine/core';
import { IconBolt, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { TriggerAction, TriggerFilter } from '@tidewheel/contract/routes/triggers';
import { type Trigger, triggerHealths, triggerKinds } from '@tidewheel/contract/trigger';
import { lazy, Suspense, useState } from 'react';
import { BulkMenu } from '../../../shared/bulk/BulkMenu.tsx';
import { selectColumns } from '../../../shared/bulk/select-column.tsx';
import { useChoice } from '../../../shared/bulk/use-choice.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { NoMatch } from '../../../shared/NoMatch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { statusOf } from '../../../shared/status.ts';
import { kindTitles, triggerColumns } from '../../../shared/triggers/trigger-columns.tsx';
import { triggersQuery } from '../../../shared/triggers/trigger-lists.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { verbsFor, verbTitles } from '../trigger-verbs.ts';

const BulkTriggersDialog = lazy(async () => ({ default: (await import('../BulkTriggersDialog.tsx')).BulkTriggersDialog }));
const route = getRouteApi('/app/triggers');

/** What starts flows when something happens. */
export function TriggersPage() {
  const { q, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('trigger.edit');
  const query = useInfiniteQuery({ ...triggersQuery({ ...filter, search: q }), refetchInterval: 10_000 });
  const total = query.data?.pages[0]?.total ?? 0;
  const many = useChoice<TriggerFilter>({ ...filter, search: q }, total);
  const [verb, setVerb] = useState<TriggerAction['do'] | null>(null);
  const set = (part: ReturnType<typeof route.useSearch>) => {
    many.clear();
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const search = useSearchText(q, (text) => set({ q: text }));
  const isFiltered = q !== undefined || Object.values(filter).some((value) => value !== undefined);
  const create = canEdit && (
    <LinkButton to="/triggers/new" search={{}} leftSection={<IconPlus size={16} aria-hidden />}>
      New trigger
    </LinkButton>
  );
  const clear = () => {
    search.change('');
    void navigate({ search: {}, replace: true });
  };
  const empty = isFiltered ? (
    <NoMatch icon={IconBolt} one="trigger" onClear={clear} />
  ) : (
    <EmptyState icon={IconBolt} title="No triggers yet" action={create}>
      A trigger starts a flow when something happens: another system calls, a file comes, a table has new rows, a mail arrives, another flow ends.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Triggers" actions={create} />
      <Group gap="xs" mb="sm">
        <NameSearch search={search} />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          clearable
          data={triggerKinds.map((value) => ({ value, label: kindTitles[value] }))}
          value={filter.kind ?? null}
          onChange={(kind) => set({ kind: (kind as typeof filter.kind) ?? undefined })}
          w={180}
          size="xs"
        />
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          data={triggerHealths.map((value) => ({ value, label: statusOf(value).label }))}
          value={filter.health ?? null}
          onChange={(health) => set({ health: (health as typeof filter.health) ?? undefined })}
          w={150}
          size="xs"
        />
        <FlowSelect value={filter.flow} onChange={(flow) => set({ flow })} />
        {canEdit && total > 0 && (
          <BulkMenu
            which={many.which}
            chosen={many.selected.size}
            onClear={many.clear}
            verbs={verbsFor(filter.health)}
            titles={verbTitles}
            onChoose={setVerb}
          />
        )}
      </Group>
      <PagedList
        label="Triggers"
        query={query}
        columns={[...selectColumns<Trigger>(({ slug }) => slug, { selected: many.selected, onSelect: canEdit ? many.select : null }), ...triggerColumns]}
        rowKey={(trigger) => trigger.id}
        empty={empty}
        one="trigger"
        many="triggers"
      />
      <Suspense fallback={null}>
        {verb && <BulkTriggersDialog choice={many.choice} verb={verb} which={many.which} onClose={() => setVerb(null)} onDone={many.clear} />}
      </Suspense>
    </>
  );
}
