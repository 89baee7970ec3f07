import type { ShownColor } from '@tidewheel/contract/color';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';

interface Tried {
  key: string;
  row: ShownColor;
  note?: string;
}

/** The first colors that a rule is about. */
export function TriedColors({ label, rows }: { label: string; rows: Tried[] }) {
  const hasNotes = rows.some(({ note }) => note !== undefined);
  return <DataTable label={label} columns={hasNotes ? [...columns, noted] : columns} rows={rows} rowKey={({ key }) => key} />;
}

const noted: TableColumn<Tried> = { key: 'note', title: 'What would differ', isWide: true, render: ({ note }) => note };
const columns: TableColumn<Tried>[] = [
  { key: 'ticker', title: 'Ticker', isHead: true, render: ({ row }) => row.ticker ?? row.cusip ?? row.isin ?? 'unnamed' },
  { key: 'date', title: 'Date', render: ({ row }) => row.date ?? '–' },
  { key: 'cusip', title: 'CUSIP', render: ({ row }) => <span className="tw-mono">{row.cusip ?? '–'}</span> },
  { key: 'dealer', title: 'Dealer', render: ({ row }) => row.dealer ?? '–' },
  { key: 'bias', title: 'Bias', render: ({ row }) => row.bias ?? '–' },
  { key: 'rank', title: 'Rank', align: 'right', render: ({ row }) => row.rank ?? '–' },
  { key: 'px', title: 'PX', align: 'right', render: ({ row }) => row.px ?? '–' },
];
