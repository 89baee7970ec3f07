import { Button, Group, Pill, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { kindChoices } from '../../../shared/kinds.ts';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { runColumns } from '../../../shared/runs/run-columns.tsx';
import { runsQuery } from '../../../shared/runs/run-lists.ts';
import { useLiveRuns } from '../../../shared/runs/use-live-runs.ts';
import { statusOf } from '../../../shared/status.ts';
import { useManyRuns } from '../ManyRuns.tsx';

const route = getRouteApi('/app/runs');
const states = ['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'].map((value) => ({ value, label: statusOf(value).label }));

const origins = [
  { value: 'schedule', label: 'By a schedule' },
  { value: 'trigger', label: 'By a trigger' },
  { value: 'person', label: 'By a person' },
];

/** What an address from a schedule or trigger narrows the list to. */
function OriginPill({ kind, slug, onClear }: { kind: string; slug: string; onClear: () => void }) {
  return (
    <Pill withRemoveButton onRemove={onClear} removeButtonProps={{ 'aria-label': `Not only of ${kind} ${slug}` }}>
      {kind} {slug}
    </Pill>
  );
}

export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(runsQuery(search));
  useLiveRuns();
  const many = useManyRuns(search);
  const isFiltered = Object.keys(search).length > 0;
  const set = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const empty = isFiltered ? (
    <EmptyState
      icon={IconPlayerPlay}
      title="No run matches these filters"
      action={
        <Button variant="default" component={Link} to="/runs">
          Clear the filters
        </Button>
      }
    />
  ) : (
    <EmptyState icon={IconPlayerPlay} title="Nothing has run yet" action={<LinkButton to="/flows">Choose a flow to run</LinkButton>}>
      Every run of every flow is listed here with its rows, its state and what came out.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Runs" />
      <Group gap="xs" mb="sm">
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          data={states}
          value={search.state ?? null}
          onChange={(value) => set({ state: (value ?? undefined) as typeof search.state })}
          w={150}
          size="xs"
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          clearable
          data={kindChoices}
          value={search.kind ?? null}
          onChange={(value) => set({ kind: (value ?? undefined) as typeof search.kind })}
          w={140}
          size="xs"
        />
        <Select
          aria-label="Started by"
          placeholder="Started by anything"
          clearable
          data={origins}
          value={search.origin ?? null}
          onChange={(value) => set({ origin: (value ?? undefined) as typeof search.origin })}
          w={170}
          size="xs"
        />
        <FlowSelect value={search.flow} onChange={(flow) => set({ flow })} />
        {search.schedule && <OriginPill kind="schedule" slug={search.schedule} onClear={() => set({ schedule: undefined })} />}
        {search.trigger && <OriginPill kind="trigger" slug={search.trigger} onClear={() => set({ trigger: undefined })} />}
        {many.bar}
      </Group>
      <PagedList label="Runs" query={query} columns={[...many.columns, ...runColumns]} rowKey={(run) => run.id} empty={empty} one="run" many="runs" />
      {many.dialog}
    </>
  );
}
