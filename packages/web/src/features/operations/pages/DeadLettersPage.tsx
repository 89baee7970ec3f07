import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconMailX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type DeadLetter, deadLetterStates } from '@tidewheel/contract/routes/dead-letters';
import { lazy, Suspense, useState } from 'react';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import type { BulkChoice } from '../../../shared/runs/BulkDialog.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { DeadLetterDrawer } from '../DeadLetterDrawer.tsx';
import { deadLettersQuery } from '../operations.queries.ts';

const BulkDialog = lazy(async () => ({ default: (await import('../../../shared/runs/BulkDialog.tsx')).BulkDialog }));
const route = getRouteApi('/app/operate/dead-letters');
const titles = { open: 'Open', replaying: 'Being replayed', resolved: 'Resolved', discarded: 'Discarded' };

/** Runs that failed for good, until somebody has seen to each. */
export function DeadLettersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { letter: open, ...filter } = search;
  const query = useInfiniteQuery(deadLettersQuery(filter));
  const [isMany, setMany] = useState(false);
  const canRun = useCan('flow.run');
  const canDiscard = useCan('run.cancel');
  const choices: BulkChoice[] = [...(canRun ? (['replay'] as const) : []), ...(canDiscard ? (['discard'] as const) : [])];
  const set = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const isOpenList = (search.state ?? 'open') === 'open';
  const hasSome = (query.data?.pages[0]?.items.length ?? 0) > 0;
  const columns: TableColumn<DeadLetter>[] = [
    {
      key: 'run',
      title: 'Run',
      isHead: true,
      render: (letter) => (
        <>
          <Link to="/operate/dead-letters" search={{ ...filter, letter: letter.id }} style={{ fontWeight: 600 }}>
            {letter.flowTitle} #{letter.number}
          </Link>
          {letter.message && (
            <Text size="xs" c="var(--tw-fail)" lineClamp={2}>
              {letter.message}
            </Text>
          )}
        </>
      ),
    },
    { key: 'step', title: 'Step', render: (letter) => letter.step ?? '–' },
    { key: 'code', title: 'Error', render: (letter) => <code>{letter.code}</code> },
    { key: 'at', title: 'Failed', render: (letter) => <Time at={letter.at} relative /> },
    { key: 'replays', title: 'Replays', align: 'right', render: (letter) => letter.replays },
    { key: 'by', title: 'Started by', isWide: true, render: (letter) => letter.startedBy },
  ];
  return (
    <>
      <PageHeader title="Dead letters" />
      <Group gap="xs" mb="sm">
        <Select
          aria-label="State"
          data={deadLetterStates.map((value) => ({ value, label: titles[value] }))}
          value={search.state ?? 'open'}
          onChange={(value) => set({ state: value === 'open' ? undefined : (value as typeof search.state) })}
          allowDeselect={false}
          w={150}
          size="xs"
        />
        <FlowSelect value={search.flow} onChange={(flow) => set({ flow })} />
        <TextInput
          aria-label="Error code"
          placeholder="Error code"
          defaultValue={search.code ?? ''}
          onBlur={(event) => set({ code: event.currentTarget.value.trim() || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && set({ code: event.currentTarget.value.trim() || undefined })}
          size="xs"
          w={180}
        />
        {isOpenList && hasSome && choices.length > 0 && (
          <Button size="xs" variant="default" ml="auto" onClick={() => setMany(true)}>
            With all that match
          </Button>
        )}
      </Group>
      <PagedList
        label="Dead letters"
        query={query}
        columns={columns}
        rowKey={(letter) => letter.id}
        empty={
          <EmptyState icon={IconMailX} title={isOpenList ? 'No dead letters' : 'None in this state'}>
            A run that failed for good stays here until somebody replays it with success, or discards it.
          </EmptyState>
        }
        one="dead letter"
        many="dead letters"
      />
      {open && <DeadLetterDrawer id={open} onClose={() => set({ letter: undefined })} />}
      {isMany && (
        <Suspense fallback={null}>
          <BulkDialog selected={{ filter: { flow: search.flow, code: search.code } }} choices={choices} onClose={() => setMany(false)} />
        </Suspense>
      )}
    </>
  );
}
