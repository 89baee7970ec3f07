import { Button, Group, Select } from '@mantine/core';
import { IconPlus, IconServer2 } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { exportTargets } from '@tidewheel/client/routes';
import type { TargetFilter } from '@tidewheel/contract/target';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { BulkMenu } from '../../../shared/bulk/BulkMenu.tsx';
import { useChoice } from '../../../shared/bulk/use-choice.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { NoMatch } from '../../../shared/NoMatch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { TargetFilters } from '../TargetFilters.tsx';
import { TargetTabs } from '../TargetTabs.tsx';
import { targetColumns } from '../target-columns.tsx';
import { type TargetOrder, targetsQuery } from '../targets.queries.ts';

const ImportDialog = lazy(async () => ({ default: (await import('../ImportDialog.tsx')).ImportDialog }));
const BulkTargetsDialog = lazy(async () => ({ default: (await import('../BulkTargetsDialog.tsx')).BulkTargetsDialog }));
const TestManyDrawer = lazy(async () => ({ default: (await import('../TestManyDrawer.tsx')).TestManyDrawer }));
const route = getRouteApi('/app/targets');
const orders: { value: TargetOrder; label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: '-name', label: 'By name, last first' },
  { value: 'address', label: 'By address' },
  { value: 'changed', label: 'Changed last' },
  { value: 'contact', label: 'Last contact first' },
];

export function TargetsPage() {
  const { q, sort, notSeen, ...rest } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('target.edit');
  const filter = { ...rest, search: q, notSeenDays: notSeen };
  const query = useInfiniteQuery(targetsQuery({ ...filter, sort }));
  const [open, setOpen] = useState<'import' | 'change' | 'test' | null>(null);
  const total = query.data?.pages[0]?.total ?? 0;
  const many = useChoice<TargetFilter>(filter, total);
  const set = (part: ReturnType<typeof route.useSearch>) => {
    many.clear();
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const search = useSearchText(q, (text) => set({ q: text }));
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const create = canEdit && (
    <LinkButton to="/new-target" leftSection={<IconPlus size={16} aria-hidden />}>
      New host
    </LinkButton>
  );
  const clear = () => {
    search.change('');
    void navigate({ search: {}, replace: true });
  };
  const empty = isFiltered ? (
    <NoMatch icon={IconServer2} one="host" onClear={clear} />
  ) : (
    <EmptyState icon={IconServer2} title="No hosts yet" action={create}>
      A host is a Linux or Windows machine that steps run commands on. Add one, or import many from CSV or an Ansible inventory.
    </EmptyState>
  );
  const close = () => setOpen(null);
  return (
    <>
      <PageHeader
        title="Targets"
        actions={
          <>
            {canEdit && (
              <Button variant="default" onClick={() => setOpen('import')}>
                Import
              </Button>
            )}
            <Button variant="default" component="a" href={api.addressOf(exportTargets, { query: filter })} download>
              Export
            </Button>
            {create}
          </>
        }
      />
      <TargetTabs value="hosts" />
      <TargetFilters
        filter={filter}
        search={search}
        onChange={({ search: _own, notSeenDays: _days, ...part }) => set(part)}
        onNotSeen={(days) => set({ notSeen: days })}
      />
      <Group gap="xs" mb="sm">
        <Select
          aria-label="Order"
          size="xs"
          w={180}
          data={orders}
          value={sort ?? 'name'}
          allowDeselect={false}
          onChange={(value) => set({ sort: value === 'name' ? undefined : (value as TargetOrder) })}
        />
        {canEdit && total > 0 && rest.state !== 'archived' && (
          <BulkMenu
            which={many.which}
            chosen={many.selected.size}
            onClear={many.clear}
            verbs={['test', 'change']}
            titles={{ test: 'Test', change: 'Change, maintenance, archive …' }}
            onChoose={setOpen}
          />
        )}
      </Group>
      <PagedList
        label="Hosts"
        query={query}
        columns={targetColumns({ selected: many.selected, onSelect: canEdit && rest.state !== 'archived' ? many.select : null })}
        rowKey={(target) => target.id}
        empty={empty}
        one="host"
        many="hosts"
      />
      <Suspense fallback={null}>
        {open === 'import' && <ImportDialog onClose={close} />}
        {open === 'change' && <BulkTargetsDialog choice={many.choice} which={many.which} onClose={close} onDone={many.clear} />}
        {open === 'test' && <TestManyDrawer choice={many.choice} which={many.which} onClose={close} />}
      </Suspense>
    </>
  );
}
