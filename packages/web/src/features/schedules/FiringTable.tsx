import { Text } from '@mantine/core';
import type { Firing } from '@tidewheel/contract/schedule';
import { DataTable } from '../../shared/DataTable.tsx';
import { firingColumns } from './FiringHistory.tsx';

/** What really happened on a date. */
export function FiringTable({ firings }: { firings: Firing[] }) {
  if (firings.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} mt="sm" mb={4}>
        What happened
      </Text>
      <DataTable label="What happened" columns={firingColumns} rows={firings} rowKey={(firing) => firing.instant} />
    </>
  );
}
