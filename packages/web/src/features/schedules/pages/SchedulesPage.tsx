import { Group, Select } from '@mantine/core';
import { IconCalendarClock, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Schedule, ScheduleAction, ScheduleFilter } from '@tidewheel/contract/routes/schedules';
import { scheduleStates } from '@tidewheel/contract/schedule';
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
import { scheduleColumns } from '../../../shared/schedules/schedule-columns.tsx';
import { schedulesQuery } from '../../../shared/schedules/schedule-lists.ts';
import { useCan } from '../../../shared/session.ts';
import { statusOf } from '../../../shared/status.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { SchedulerBar } from '../SchedulerBar.tsx';
import { verbsFor, verbTitles } from '../schedule-verbs.ts';

const BulkSchedulesDialog = lazy(async () => ({ default: (await import('../BulkSchedulesDialog.tsx')).BulkSchedulesDialog }));
const route = getRouteApi('/app/schedules');
const states = scheduleStates.map((value) => ({ value, label: statusOf(value).label }));

export function SchedulesPage() {
  const { q, flow, state } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('schedule.edit');
  const canSeeScheduler = useCan('system.read');
  const query = useInfiniteQuery({ ...schedulesQuery({ search: q, flow, state }), refetchInterval: 10_000 });
  const total = query.data?.pages[0]?.total ?? 0;
  const many = useChoice<ScheduleFilter>({ search: q, flow, state }, total);
  const [verb, setVerb] = useState<ScheduleAction['do'] | null>(null);
  const set = (part: ReturnType<typeof route.useSearch>) => {
    many.clear();
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  };
  const search = useSearchText(q, (text) => set({ q: text }));
  const create = canEdit && (
    <LinkButton to="/schedules/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New schedule
    </LinkButton>
  );
  const clear = () => {
    search.change('');
    many.clear();
    void navigate({ search: {}, replace: true });
  };
  const isFiltered = q !== undefined || flow !== undefined || state !== undefined;
  const empty = isFiltered ? (
    <NoMatch icon={IconCalendarClock} one="schedule" onClear={clear} />
  ) : (
    <EmptyState icon={IconCalendarClock} title="No schedules yet" action={create}>
      A schedule starts a flow at moments that its rules name: every business day at six, the last one of the month, two days after the end of a quarter.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Schedules" actions={create} />
      {canSeeScheduler && <SchedulerBar />}
      <Group gap="xs" mb="sm">
        <NameSearch search={search} />
        <FlowSelect value={flow} onChange={(next) => set({ flow: next })} />
        <Select
          aria-label="State"
          placeholder="In use"
          clearable
          data={states}
          value={state ?? null}
          onChange={(next) => set({ state: (next ?? undefined) as typeof state })}
          w={140}
          size="xs"
        />
        {canEdit && total > 0 && (
          <BulkMenu which={many.which} chosen={many.selected.size} onClear={many.clear} verbs={verbsFor(state)} titles={verbTitles} onChoose={setVerb} />
        )}
      </Group>
      <PagedList
        label="Schedules"
        query={query}
        columns={[...selectColumns<Schedule>(({ slug }) => slug, { selected: many.selected, onSelect: canEdit ? many.select : null }), ...scheduleColumns]}
        rowKey={(schedule) => schedule.id}
        empty={empty}
        one="schedule"
        many="schedules"
      />
      <Suspense fallback={null}>
        {verb && <BulkSchedulesDialog choice={many.choice} verb={verb} which={many.which} onClose={() => setVerb(null)} onDone={many.clear} />}
      </Suspense>
    </>
  );
}
