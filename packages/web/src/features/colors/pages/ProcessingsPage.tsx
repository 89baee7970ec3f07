import { SegmentedControl } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ColorProcessing } from '@tidewheel/contract/routes/color-processings';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import { NoMatch } from '../../../shared/NoMatch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { processingsQuery } from '../processings/processings.queries.ts';

const route = getRouteApi('/app/colors/processings');

const columns: TableColumn<ColorProcessing>[] = [
  {
    key: 'number',
    title: 'Processing',
    isHead: true,
    render: ({ number, date }) => (
      <Link to="/colors/processings/$number" params={{ number: String(number) }} style={{ fontWeight: 600, whiteSpace: 'nowrap' }}>
        {number} of {date}
      </Link>
    ),
  },
  { key: 'kind', title: 'Kind', render: ({ kind }) => (kind === 'manual' ? 'by hand' : 'automatic') },
  { key: 'taken', title: 'Taken', align: 'right', render: ({ taken }) => formatCount(taken) },
  { key: 'excluded', title: 'Excluded', align: 'right', render: ({ excluded }) => formatCount(excluded) },
  { key: 'kept', title: 'Kept', align: 'right', render: ({ kept }) => formatCount(kept) },
  { key: 'families', title: 'Families', align: 'right', render: ({ families }) => formatCount(families) },
  {
    key: 'run',
    title: 'Run',
    render: ({ run }) =>
      run ? (
        <Link to="/runs/$id" params={{ id: run.id }}>
          {run.flow} #{run.number}
        </Link>
      ) : (
        '–'
      ),
  },
  { key: 'ms', title: 'Took', align: 'right', render: ({ ms }) => formatDuration(ms) },
  { key: 'by', title: 'By', render: ({ by }) => by },
  { key: 'at', title: 'When', render: ({ endedAt }) => <Time at={endedAt} relative /> },
];

/** Each morning's sheet, as it was kept. */
export function ProcessingsPage() {
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(processingsQuery({ kind }));
  const set = (value: string) => void navigate({ search: value === 'all' ? {} : { kind: value as 'automatic' | 'manual' }, replace: true });
  const empty = kind ? (
    <NoMatch icon={IconListDetails} one="processing" onClear={() => set('all')} />
  ) : (
    <EmptyState icon={IconListDetails} title="Nothing was processed yet">
      A flow with color.take, color.rank and color.keep processes what waits in the buffer.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Processings" />
      <SegmentedControl
        mb="sm"
        size="xs"
        aria-label="Kind"
        value={kind ?? 'all'}
        onChange={set}
        data={[
          { value: 'all', label: 'All' },
          { value: 'automatic', label: 'Automatic' },
          { value: 'manual', label: 'By hand' },
        ]}
      />
      <PagedList label="Processings" query={query} columns={columns} rowKey={({ id }) => id} empty={empty} one="processing" many="processings" />
    </>
  );
}
