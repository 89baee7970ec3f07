import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { live } from '../live.ts';

const runLists: readonly QueryKey[] = [
  ['runs', 'list'],
  ['runs', 'head'],
  ['flows', 'list'],
];

/** Reads the lists of runs again when any run changes, at most once a second. */
export function useLiveRuns(): void {
  useReadAgain(runLists, 1_000);
}

/** Reads what stands under these keys again when any run changes, at most once in that time. The keys stay the same from render to render. */
export function useReadAgain(keys: readonly QueryKey[], everyMs: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    };
    const soon = () => {
      timer ??= setTimeout(refresh, everyMs);
    };
    const leave = live().followRuns({ onRun: soon, onResume: soon });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [queries, keys, everyMs]);
}
