import { Button, Group, Text } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Page } from '@tidewheel/contract/page';
import { formatCount, formatTotal } from './format.ts';

/** The foot of a list: how much of it is shown, and the next page. */
export function MoreButton<T>({ query, one, many }: { query: UseInfiniteQueryResult<InfiniteData<Page<T>>, Error>; one: string; many: string }) {
  const pages = query.data?.pages ?? [];
  const first = pages[0];
  if (!first) return null;
  const shown = pages.reduce((sum, page) => sum + page.items.length, 0);
  const total = formatTotal({ total: first.total, capped: first.totalCapped, one, many });
  return (
    <Group justify="space-between" px={12} py={8} style={{ borderTop: '1px solid var(--tw-line)' }}>
      <Text size="sm" c="dimmed">
        {shown < first.total ? `${formatCount(shown)} of ${total}` : total}
      </Text>
      {query.hasNextPage && (
        <Button size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Group>
  );
}
