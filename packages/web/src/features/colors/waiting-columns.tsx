import { Text, UnstyledButton } from '@mantine/core';
import type { WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { DoubtText, FieldValue } from './DoubtText.tsx';

const shown = (row: WaitingColor, field: keyof WaitingColor & string) => (
  <FieldValue field={field} doubts={row.doubts}>
    {(row[field] as string | number | null) ?? '–'}
  </FieldValue>
);

export function waitingColumns(onOpen: (row: WaitingColor) => void): TableColumn<WaitingColor>[] {
  return [
    {
      key: 'bond',
      title: 'Bond',
      isHead: true,
      render: (row) => (
        <>
          <UnstyledButton onClick={() => onOpen(row)} aria-label={`Open ${nameOf(row)}`}>
            <Text size="sm" fw={600} td="underline" style={{ whiteSpace: 'nowrap' }}>
              <FieldValue field={row.cusip === null && row.isin !== null ? 'isin' : 'cusip'} doubts={row.doubts}>
                {nameOf(row)}
              </FieldValue>
            </Text>
          </UnstyledButton>
          <Text size="xs" c="dimmed">
            {[row.ticker, row.coupon, row.maturity ?? row.more['maturity year']].filter((part) => part != null).join(' ')}
          </Text>
        </>
      ),
    },
    { key: 'date', title: 'Date', render: (row) => <span style={{ whiteSpace: 'nowrap' }}>{shown(row, 'date')}</span> },
    { key: 'source', title: 'Source', render: (row) => shown(row, 'source') },
    { key: 'dealer', title: 'Dealer', render: (row) => shown(row, 'dealer') },
    { key: 'bias', title: 'Bias', render: (row) => <span style={{ whiteSpace: 'nowrap' }}>{shown(row, 'bias')}</span> },
    { key: 'px', title: 'PX', align: 'right', render: (row) => shown(row, 'px') },
    { key: 'spread', title: 'Spread', align: 'right', render: (row) => shown(row, 'spread') },
    { key: 'size', title: 'Size', align: 'right', render: (row) => shown(row, 'size') },
    { key: 'rank', title: 'Rank', align: 'right', render: (row) => shown(row, 'rank') },
    {
      key: 'doubts',
      title: 'Doubts',
      isWide: true,
      render: ({ doubts, duplicateOf }) => (
        <>
          {Object.entries(doubts).map(([field, doubt]) => (
            <DoubtText key={field} field={field} doubt={doubt} />
          ))}
          {duplicateOf !== null && <Text size="xs">Says what an earlier color says</Text>}
        </>
      ),
    },
  ];
}

function nameOf({ cusip, isin, ticker, doubts, line }: WaitingColor): string {
  return cusip ?? isin ?? doubts['cusip']?.was ?? ticker ?? `Line ${line}`;
}
