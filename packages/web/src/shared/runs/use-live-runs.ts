import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { live } from '../live.ts';

const refreshEveryMs = 1_000;

/** Reads the lists of runs again when any run changes, at most once a second. */
export function useLiveRuns(): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: ['runs', 'list'] });
      void queries.invalidateQueries({ queryKey: ['runs', 'head'] });
      void queries.invalidateQueries({ queryKey: ['flows', 'list'] });
    };
    const soon = () => {
      timer ??= setTimeout(refresh, refreshEveryMs);
    };
    const leave = live().followRuns({ onRun: soon, onResume: soon });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [queries]);
}
