import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { live } from '../../../shared/live.ts';
import { deskKey } from './desk.queries.ts';

const refreshEveryMs = 2_000;

/** Reads the figures again when any run changes, at most every two seconds. */
export function useLiveDesk(): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: deskKey });
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
