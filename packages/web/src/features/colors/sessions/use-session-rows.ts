import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { useMemo } from 'react';
import { windowQuery, windowSize } from './sessions.queries.ts';

export interface SessionRows {
  total: number | undefined;
  error: Error | null;
  retry(): void;
  at(index: number): SessionRow | undefined;
}

/** The windows in which these rows lie; those that were read before are still known. */
export function useSessionRows({ id, filter, first, last }: { id: string; filter: SessionFilter; first: number; last: number }): SessionRows {
  const client = useQueryClient();
  const pages = useMemo(() => {
    const [from, to] = [Math.floor(Math.max(0, first) / windowSize), Math.floor(Math.max(0, last) / windowSize)];
    return Array.from({ length: Math.min(to - from + 1, 6) }, (_, i) => from + i);
  }, [first, last]);
  const queries = useQueries({ queries: pages.map((page) => windowQuery({ id, filter, page })) });
  const known = queries.find(({ data }) => data !== undefined)?.data ?? client.getQueryData(windowQuery({ id, filter, page: 0 }).queryKey);
  return {
    total: known?.total,
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const query of queries) void query.refetch();
    },
    at: (index) => {
      const page = Math.floor(index / windowSize);
      const data = queries[pages.indexOf(page)]?.data ?? client.getQueryData(windowQuery({ id, filter, page }).queryKey);
      return data?.rows[index - page * windowSize];
    },
  };
}
