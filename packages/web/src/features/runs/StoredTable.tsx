import { Button, Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { RowGrid } from './RowGrid.tsx';
import { reasonFirst } from './rows.ts';
import { tableQuery } from './runs.queries.ts';

const limit = 100;

/** A stored table, a hundred rows at a time. */
export function StoredTable({ run, step, which }: { run: string; step: string; which: 'table' | 'rejected' }) {
  const [offset, setOffset] = useState(0);
  const query = useQuery({ ...tableQuery({ run, step, which, offset, limit }), placeholderData: keepPreviousData });
  return (
    <Loaded query={query}>
      {(table) => (
        <>
          <RowGrid label={which === 'rejected' ? `Rejected rows of ${step}` : `Rows of ${step}`} table={which === 'rejected' ? reasonFirst(table) : table} />
          <Group justify="space-between" px="sm" py={6}>
            <Text size="xs" c="dimmed">
              {table.total === 0 ? 'No rows' : `Rows ${formatCount(offset + 1)} to ${formatCount(offset + table.rows.length)} of ${formatCount(table.total)}`}
            </Text>
            {table.total > limit && (
              <Group gap="xs">
                <Button size="compact-sm" variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - limit))}>
                  Earlier
                </Button>
                <Button size="compact-sm" variant="default" disabled={offset + limit >= table.total} onClick={() => setOffset(offset + limit)}>
                  Later
                </Button>
              </Group>
            )}
          </Group>
        </>
      )}
    </Loaded>
  );
}
