import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FoundColor } from '@tidewheel/contract/routes/color-search';
import type { TableColumn } from '../../../shared/DataTable.tsx';

const upright = (value: string | null) => <span style={{ whiteSpace: 'nowrap' }}>{value ?? '–'}</span>;

const bond: TableColumn<FoundColor> = {
  key: 'bond',
  title: 'Security',
  isHead: true,
  render: (color) => (
    <>
      {color.security === '' ? (
        'unnamed'
      ) : (
        <Link to="/colors/securities/$security" params={{ security: color.security }} style={{ fontWeight: 600, whiteSpace: 'nowrap' }}>
          {color.security}
        </Link>
      )}
      <Text size="xs" c="dimmed">
        {[color.ticker, color.coupon, color.maturity].filter((part) => part !== null).join(' ')}
      </Text>
    </>
  ),
};
const said: TableColumn<FoundColor>[] = [
  { key: 'date', title: 'Date', render: ({ date }) => upright(date) },
  { key: 'source', title: 'Source', render: ({ source }) => source ?? '–' },
  { key: 'dealer', title: 'Dealer', render: ({ dealer }) => dealer ?? '–' },
  { key: 'bias', title: 'Bias', render: ({ bias }) => upright(bias) },
  { key: 'px', title: 'PX', align: 'right', render: ({ px }) => px ?? '–' },
  { key: 'spread', title: 'Spread', align: 'right', render: ({ spread }) => spread ?? '–' },
  { key: 'size', title: 'Size', align: 'right', render: ({ size }) => size ?? '–' },
  { key: 'rank', title: 'Rank', align: 'right', render: ({ rank }) => rank ?? '–' },
  {
    key: 'processing',
    title: 'Processing',
    align: 'right',
    render: ({ processing, line }) => (
      <Link to="/colors/processings/$number" params={{ number: String(processing) }} search={{ line }}>
        {processing}:{line}
      </Link>
    ),
  },
];

export const foundColumns: TableColumn<FoundColor>[] = [
  bond,
  { key: 'issuer', title: 'Issuer', render: ({ issuer }) => issuer ?? '–' },
  { key: 'sector', title: 'Sector', render: ({ sector, market }) => [sector, market].filter(Boolean).join(', ') || '–' },
  ...said,
];
/** On the page of one security. */
export const saidColumns: TableColumn<FoundColor>[] = said.map((column) => (column.key === 'date' ? { ...column, isHead: true } : column));
