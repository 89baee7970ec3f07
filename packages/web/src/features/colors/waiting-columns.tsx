import { Text, UnstyledButton } from '@mantine/core';
import type { WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { DoubtText } from './DoubtText.tsx';

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
              {nameOf(row)}
            </Text>
          </UnstyledButton>
          <Text size="xs" c="dimmed">
            {[row.ticker, row.coupon, row.maturity ?? row.more['maturity year']].filter((part) => part != null).join(' ')}
          </Text>
        </>
      ),
    },
    { key: 'date', title: 'Date', render: ({ date }) => <span style={{ whiteSpace: 'nowrap' }}>{date}</span> },
    { key: 'source', title: 'Source', render: ({ source }) => source ?? '–' },
    { key: 'dealer', title: 'Dealer', render: ({ dealer }) => dealer ?? '–' },
    { key: 'bias', title: 'Bias', render: ({ bias }) => <span style={{ whiteSpace: 'nowrap' }}>{bias ?? '–'}</span> },
    { key: 'px', title: 'PX', align: 'right', render: ({ px }) => px ?? '–' },
    { key: 'spread', title: 'Spread', align: 'right', render: ({ spread }) => spread ?? '–' },
    { key: 'size', title: 'Size', align: 'right', render: ({ size }) => size ?? '–' },
    { key: 'rank', title: 'Rank', align: 'right', render: ({ rank }) => rank ?? '–' },
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
