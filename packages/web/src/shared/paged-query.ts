import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';
import type { Page } from '@tidewheel/contract/page';

/** A list by keyset cursors as an infinite query. */
export function pagedQuery<T>(key: QueryKey, fetch: (cursor: string | undefined) => Promise<Page<T>>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => fetch(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  });
}
