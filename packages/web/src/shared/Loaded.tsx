import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNotice } from './ErrorNotice.tsx';

const bars = Array.from({ length: 12 }, (_, index) => index);

/** A query as far as it is shown, also one that is read page by page. */
interface ShownQuery<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** Shows a query: a skeleton while it loads, its error with a retry, else its data. Data once shown stays while it is refreshed. */
export function Loaded<T>({ query, lines = 6, children }: { query: ShownQuery<T>; lines?: number; children: (data: T) => ReactNode }) {
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
