import { Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Delivery } from '@tidewheel/contract/routes/runs';
import { CopyText } from '../../shared/CopyText.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatBytes } from '../../shared/format.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { receiptPairs } from '../../shared/receipt.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { deliveriesQuery } from './artifacts.queries.ts';

const columns: TableColumn<Delivery>[] = [
  {
    key: 'file',
    title: 'File',
    isHead: true,
    render: (delivery) => (
      <>
        <Link to="/runs/$id" params={{ id: delivery.run }} search={{ step: delivery.step }} style={{ fontWeight: 600 }}>
          {delivery.fileName}
        </Link>
        {delivery.error && (
          <Text size="xs" c="var(--tw-fail)">
            {delivery.error}
          </Text>
        )}
      </>
    ),
  },
  { key: 'state', title: 'State', render: (delivery) => <StatusBadge state={delivery.state} bare /> },
  {
    key: 'to',
    title: 'To',
    isWide: true,
    render: (delivery) => (
      <>
        {delivery.destination.startsWith('target:') ? (
          <Text size="sm">{delivery.connection}</Text>
        ) : (
          <Link to="/connections/$slug" params={{ slug: delivery.connection }}>
            {delivery.connection}
          </Link>
        )}
        <Text size="xs" c="dimmed" className="tw-mono">
          {delivery.destination}
        </Text>
      </>
    ),
  },
  { key: 'size', title: 'Size', align: 'right', render: (delivery) => formatBytes(delivery.size) },
  {
    key: 'sha',
    title: 'SHA-256',
    isWide: true,
    render: (delivery) => (delivery.sha256 === '' ? '–' : <CopyText value={delivery.sha256} label={`SHA-256 of ${delivery.fileName}`} short={12} />),
  },
  {
    key: 'receipt',
    title: 'Receipt',
    isWide: true,
    render: (delivery) =>
      delivery.receipt ? (
        <Text size="xs" lineClamp={2} maw={260}>
          {receiptPairs(delivery.receipt)
            .map(([name, value]) => `${name}: ${value}`)
            .join(', ')}
        </Text>
      ) : (
        '–'
      ),
  },
  { key: 'at', title: 'When', render: (delivery) => <Time at={delivery.at} relative /> },
];

export function DeliveryList({ state }: { state: 'delivered' | 'failed' | undefined }) {
  const query = useInfiniteQuery(deliveriesQuery(state));
  const empty = (
    <EmptyState icon={IconSend} title={state ? 'No delivery is in this state' : 'Nothing has been delivered yet'}>
      Every attempt to deliver a file is listed here, with what the far side confirmed.
    </EmptyState>
  );
  return <PagedList label="Deliveries" query={query} columns={columns} rowKey={(delivery) => delivery.id} empty={empty} one="delivery" many="deliveries" />;
}
