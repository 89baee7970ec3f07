import { useEffect, useReducer, useRef } from 'react';

/**
 * The clock, looked at again every `everyMs` and whenever what uses it is shown anew: what has just happened would else lie ahead of it. Null keeps it still.
 */
export function useNow(everyMs: number | null): number {
  const seen = useRef(Date.now());
  const [, lookAgain] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(lookAgain, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  if (everyMs !== null) seen.current = Date.now();
  return seen.current;
}
