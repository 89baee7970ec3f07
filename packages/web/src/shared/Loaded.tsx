import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice } from './ErrorNotice.tsx';

const bars = Array.from({ length: 12 }, (_, index) => index);

/** Shows a query: a skeleton while it loads, its error with a retry, else its data. Data once shown stays while it is refreshed. */
export function Loaded<T>({ query, lines = 6, children }: { query: UseQueryResult<T, Error>; lines?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap={10} p="sm" role="status" aria-busy="true" aria-label="Loading">
      {bars.slice(0, lines).map((index) => (
        <Skeleton key={index} height={16} width={`${100 - (index % 3) * 12}%`} radius="sm" />
      ))}
    </Stack>
  );
}
