import { Button, Group, SegmentedControl, Tabs, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { removeWaitingColors } from '@tidewheel/client/routes';
import type { ColorBufferSummary, WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount } from '../../../shared/format.ts';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { type BufferState, bufferKey, summaryQuery, waitingQuery } from '../buffer.queries.ts';
import { ColorDrawer } from '../ColorDrawer.tsx';
import { DoubtKinds } from '../DoubtKinds.tsx';
import { UploadDrawer } from '../UploadDrawer.tsx';
import { UploadList } from '../UploadList.tsx';
import { UploadZone } from '../UploadZone.tsx';
import { waitingColumns } from '../waiting-columns.tsx';

const route = getRouteApi('/app/colors/buffer');

export function BufferPage() {
  const { tab = 'waiting', upload } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('color.edit');
  const summary = useQuery(summaryQuery());
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, upload: id }) });
  return (
    <>
      <PageHeader title="Buffer & uploads" facts={summary.data && <Text size="sm">{factsOf(summary.data)}</Text>} />
      {canEdit && <UploadZone onShow={open} />}
      <Tabs value={tab} onChange={(value) => void navigate({ search: value === 'uploads' ? { tab: 'uploads' } : {} })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="waiting">Waiting</Tabs.Tab>
          <Tabs.Tab value="uploads">Uploads</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="waiting">
          <WaitingColors summary={summary.data} />
        </Tabs.Panel>
        <Tabs.Panel value="uploads">
          <UploadList onOpen={open} />
        </Tabs.Panel>
      </Tabs>
      {upload !== undefined && <UploadDrawer id={upload} onClose={() => open(undefined)} />}
    </>
  );
}

function factsOf({ free, doubtful, duplicates, taken, removed }: ColorBufferSummary): string {
  return `${formatCount(free)} wait, ${formatCount(doubtful)} of them doubtful and ${formatCount(duplicates)} duplicates; ${formatCount(taken)} are being processed, ${formatCount(removed)} were taken out`;
}

const states: { value: BufferState; label: string }[] = [
  { value: 'free', label: 'Waiting' },
  { value: 'doubtful', label: 'Doubtful' },
  { value: 'duplicate', label: 'Duplicates' },
  { value: 'taken', label: 'Being processed' },
  { value: 'removed', label: 'Taken out' },
];

function WaitingColors({ summary }: { summary: ColorBufferSummary | undefined }) {
  const { which = 'free', q, doubt } = route.useSearch();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<WaitingColor | null>(null);
  const query = useInfiniteQuery(waitingQuery({ which, search: q, doubt }));
  const search = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true }));
  const choose = (value: string) =>
    void navigate({ search: (old) => ({ ...old, which: value === 'free' ? undefined : (value as BufferState) }), replace: true });
  const empty = (
    <EmptyState icon={IconInbox} title={which === 'free' && q === undefined ? 'No colors wait' : 'No color fits'}>
      {which === 'free' && q === undefined
        ? 'Drop files above, paste a run, or let a flow collect what dealers send. The next processing takes what waits here.'
        : undefined}
    </EmptyState>
  );
  return (
    <>
      <DoubtKinds
        kinds={summary?.repairs ?? []}
        shown={doubt}
        onShow={(field) => void navigate({ search: (old) => ({ ...old, doubt: field }), replace: true })}
      />
      <Group mb="sm" gap="sm">
        <SegmentedControl aria-label="Which colors" size="xs" data={states} value={which} onChange={choose} style={{ maxWidth: '100%', overflowX: 'auto' }} />
        <NameSearch search={search} />
        {which === 'duplicate' && (summary?.duplicates ?? 0) > 0 && <RemoveDuplicates count={summary?.duplicates ?? 0} />}
        {doubt !== undefined && (
          <Button size="xs" variant="default" onClick={() => void navigate({ search: (old) => ({ ...old, doubt: undefined }) })}>
            All doubts
          </Button>
        )}
      </Group>
      <PagedList label="Colors that wait" query={query} columns={waitingColumns(setOpened)} rowKey={({ id }) => id} empty={empty} one="color" many="colors" />
      {opened && <ColorDrawer row={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function RemoveDuplicates({ count }: { count: number }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeWaitingColors, { body: { duplicates: true } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: bufferKey }),
  });
  if (!useCan('color.edit')) return null;
  const ask = { title: `Take out ${count} duplicates?`, text: 'The first of each stays. They can be put back under Taken out.', confirm: 'Take out' };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={remove}>
      Take out all duplicates
    </ConfirmButton>
  );
}
