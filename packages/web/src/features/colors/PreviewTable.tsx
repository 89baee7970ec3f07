import { Text } from '@mantine/core';
import type { ColorPreview } from '@tidewheel/contract/routes/color-uploads';
import type { ReactNode } from 'react';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { DoubtText, FieldValue } from './DoubtText.tsx';

type ReadRow = ColorPreview['rows'][number];
const shown = ({ color, doubts }: ReadRow, field: 'dealer' | 'bias' | 'px' | 'spread' | 'size') => (
  <FieldValue field={field} doubts={doubts}>
    {color[field] ?? '–'}
  </FieldValue>
);
const columns: TableColumn<ReadRow>[] = [
  { key: 'line', title: 'Line', render: ({ line }) => line, align: 'right' },
  {
    key: 'bond',
    title: 'Bond',
    isHead: true,
    render: ({ color }) => (
      <Whole>{[color.ticker, color.coupon, color.maturity ?? color.more['maturity year']].filter((part) => part != null).join(' ') || '–'}</Whole>
    ),
  },
  {
    key: 'cusip',
    title: 'CUSIP / ISIN',
    render: ({ color, doubts }) => (
      <FieldValue field={color.cusip === null && color.isin !== null ? 'isin' : 'cusip'} doubts={doubts}>
        {color.cusip ?? color.isin ?? doubts['cusip']?.was ?? '–'}
      </FieldValue>
    ),
  },
  { key: 'dealer', title: 'Dealer', render: (row) => <Whole>{shown(row, 'dealer')}</Whole> },
  { key: 'bias', title: 'Bias', render: (row) => <Whole>{shown(row, 'bias')}</Whole> },
  { key: 'px', title: 'PX', align: 'right', render: (row) => shown(row, 'px') },
  { key: 'spread', title: 'Spread', align: 'right', render: (row) => shown(row, 'spread') },
  { key: 'size', title: 'Size', align: 'right', render: (row) => shown(row, 'size') },
  {
    key: 'doubts',
    title: 'Doubts',
    isWide: true,
    render: ({ doubts }) => Object.entries(doubts).map(([field, doubt]) => <DoubtText key={field} field={field} doubt={doubt} />),
  },
];

/** A drawer is narrow: words are not broken inside. */
function Whole({ children }: { children: ReactNode }) {
  return <span style={{ overflowWrap: 'normal' }}>{children}</span>;
}

/** Without those that no row has anything for. */
function columnsOf(rows: ReadRow[]): TableColumn<ReadRow>[] {
  const has: Record<string, (row: ReadRow) => boolean> = {
    spread: ({ color }) => color.spread !== null,
    size: ({ color }) => color.size !== null,
    doubts: ({ doubts }) => Object.keys(doubts).length > 0,
  };
  return columns.filter(({ key }) => rows.some(has[key] ?? (() => true)));
}

/** What was understood, and what was not. */
export function PreviewTable({ preview }: { preview: ColorPreview }) {
  const { rows, read, doubtful, refused, refusals, notes, source, isPart } = preview;
  return (
    <div role="status" aria-label="What is understood">
      <Text size="sm" mb={6}>
        {isPart ? `Of the first ${read + refused} rows ` : ''}
        {read === 1 ? '1 color is' : `${read} colors are`} understood, {doubtful} with doubts; {refused === 1 ? '1 row is' : `${refused} rows are`} refused.
        {source !== null && ` Columns of ${source}.`}
      </Text>
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
      {rows.length > 0 && (
        <DataTable
          label="Colors understood"
          columns={columnsOf(rows.slice(0, 30))}
          rows={rows.slice(0, 30)}
          rowKey={(row) => `${row.line} ${row.color.bias} ${row.color.px} ${row.color.spread}`}
        />
      )}
      {refusals.slice(0, 10).map(({ line, why, text }) => (
        <Text key={line} size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>
          Line {line} is refused. {why} <code>{text.slice(0, 120)}</code>
        </Text>
      ))}
    </div>
  );
}
