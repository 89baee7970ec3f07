import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { IconStack3 } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isFinal } from '@tidewheel/client/states';
import { itemName } from '@tidewheel/contract/item-name';
import type { Run, RunSummary, StepRun } from '@tidewheel/contract/run';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { Elapsed } from '../../shared/Elapsed.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatCell } from '../../shared/format.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { BelowBar } from './BelowBar.tsx';
import { ItemGroups } from './ItemGroups.tsx';
import { itemsQuery } from './runs.queries.ts';

const route = getRouteApi('/app/runs/$id');

const columns: TableColumn<RunSummary>[] = [
  {
    key: 'item',
    title: 'Item',
    isHead: true,
    render: (run) => (
      <Link to="/runs/$id" params={{ id: run.id }} style={{ fontWeight: 600, whiteSpace: 'nowrap' }}>
        {placeAndName(run)}
      </Link>
    ),
  },
  { key: 'state', title: 'State', render: (run) => <StatusBadge state={run.state} bare /> },
  { key: 'duration', title: 'Duration', align: 'right', render: (run) => <Elapsed startedAt={run.startedAt} finishedAt={run.finishedAt} /> },
  {
    key: 'error',
    title: 'Error',
    isWide: true,
    render: (run) =>
      run.error && (
        <Text size="sm" c="var(--tw-fail)" lineClamp={2}>
          {run.error.message}
        </Text>
      ),
  },
];

/** People count from 1; expressions see `index` from 0. */
function placeAndName({ parent }: RunSummary): string {
  const value = parent?.value;
  const at = `${(parent?.item ?? 0) + 1}`;
  return value === null || value === undefined ? at : `${at}: ${(itemName(value) ?? formatCell(value)).slice(0, 60)}`;
}

/** The runs below one step, newest first. */
export function ItemsView({ run, step, onSelect }: { run: Run; step: StepRun | null; onSelect: (step: string) => void }) {
  const parents = run.steps.filter(({ children }) => children !== null);
  const { items: only = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (value: string) =>
    void navigate({ search: (old) => ({ ...old, items: value === 'all' ? undefined : (value as 'failed') }), replace: true, resetScroll: false });
  const shown = parents.find((one) => one.step === step?.step) ?? parents[0];
  if (!shown) {
    return (
      <EmptyState icon={IconStack3} title="No step has runs below it">
        A step with each or repeat, a group of steps and a step that runs another flow list theirs here.
      </EmptyState>
    );
  }
  return (
    <>
      <Group gap="sm" p="xs" align="center">
        <Select
          aria-label="Step"
          data={parents.map((one) => one.step)}
          value={shown.step}
          onChange={(value) => value && onSelect(value)}
          allowDeselect={false}
          size="xs"
          w={180}
        />
        <SegmentedControl
          aria-label="Which items"
          size="xs"
          data={[
            { value: 'all', label: 'All' },
            { value: 'failed', label: 'Failed' },
            { value: 'compare', label: 'Compare' },
          ]}
          value={only}
          onChange={show}
        />
        <BelowBar step={shown} />
      </Group>
      {only === 'compare' ? (
        <ItemGroups run={run.id} step={shown.step} isOver={isFinal(run.state)} />
      ) : (
        <Items run={run} step={shown.step} state={only === 'failed' ? 'failed' : undefined} />
      )}
    </>
  );
}

function Items({ run, step, state }: { run: Run; step: string; state: 'failed' | undefined }) {
  const query = useInfiniteQuery({ ...itemsQuery({ parent: run.id, step, state }), refetchInterval: isFinal(run.state) ? false : 3_000 });
  const empty = <EmptyState icon={IconStack3} title={state ? 'None of them failed' : 'None has begun yet'} />;
  return <PagedList label={`Items of ${step}`} query={query} columns={columns} rowKey={(item) => item.id} empty={empty} one="item" many="items" />;
}
