import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { useMemo } from 'react';
import { windowQuery, windowSize } from './sessions.queries.ts';

export interface SessionRows {
  total: number | undefined;
  /** Of the session, when the oldest of what is shown was read. */
  revision: number | undefined;
  error: Error | null;
  retry(): void;
  at(index: number): SessionRow | undefined;
  /** Reads what is not known yet of these. */
  load(indices: readonly number[]): Promise<SessionRow[]>;
}

/** The windows in which these rows lie; those that were read before are still known. */
export function useSessionRows({ id, filter, first, last }: { id: string; filter: SessionFilter; first: number; last: number }): SessionRows {
  const client = useQueryClient();
  const [from, to] = [Math.floor(Math.max(0, first) / windowSize), Math.floor(Math.max(0, last) / windowSize)];
  const pages = useMemo(() => Array.from({ length: Math.min(to - from + 1, 6) }, (_, i) => from + i), [from, to]);
  const queries = useQueries({ queries: pages.map((page) => windowQuery({ id, filter, page })) });
  const windows = queries.flatMap(({ data }) => data ?? []);
  const known = windows[0] ?? client.getQueryData(windowQuery({ id, filter, page: 0 }).queryKey);
  const at = (index: number) => {
    const page = Math.floor(index / windowSize);
    const data = queries[pages.indexOf(page)]?.data ?? client.getQueryData(windowQuery({ id, filter, page }).queryKey);
    return data?.rows[index - page * windowSize];
  };
  return {
    total: known?.total,
    revision: windows.length === 0 ? undefined : Math.min(...windows.map(({ revision }) => revision)),
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const query of queries) void query.refetch();
    },
    at,
    load: async (indices) => {
      const missing = [...new Set(indices.filter((index) => at(index) === undefined).map((index) => Math.floor(index / windowSize)))];
      const read = new Map(await Promise.all(missing.map(async (page) => [page, await client.fetchQuery(windowQuery({ id, filter, page }))] as const)));
      return indices.flatMap((index) => {
        const page = Math.floor(index / windowSize);
        return read.get(page)?.rows[index - page * windowSize] ?? at(index) ?? [];
      });
    },
  };
}
