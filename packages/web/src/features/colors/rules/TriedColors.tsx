import { Text } from '@mantine/core';
import type { ShownColor } from '@tidewheel/contract/color';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';

interface Tried {
  key: string;
  row: ShownColor;
  /** What would be otherwise with it. */
  note?: string;
}

/** The first colors that a rule is about, in few columns: it stands beside a form. */
export function TriedColors({ label, rows }: { label: string; rows: Tried[] }) {
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ key }) => key} />;
}

const columns: TableColumn<Tried>[] = [
  {
    key: 'bond',
    title: 'Bond',
    isHead: true,
    render: ({ row, note }) => (
      <>
        {row.ticker ?? row.issuer ?? 'unnamed'}
        <Text size="xs" c="dimmed" className="tw-mono">
          {row.cusip ?? row.isin ?? ''}
        </Text>
        {note && <Text size="xs">{note}</Text>}
      </>
    ),
  },
  {
    key: 'said',
    title: 'Said',
    render: ({ row }) => (
      <>
        {[row.dealer, row.bias].filter(Boolean).join(' ') || '–'}
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {row.date}
        </Text>
      </>
    ),
  },
  { key: 'rank', title: 'Rank', align: 'right', render: ({ row }) => row.rank ?? '–' },
  { key: 'px', title: 'PX', align: 'right', render: ({ row }) => row.px ?? '–' },
];
