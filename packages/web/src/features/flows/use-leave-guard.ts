import { useBlocker } from '@tanstack/react-router';
import { useCallback, useRef } from 'react';

/** Asks before a page with unsaved changes is left. Returns the way out for what has just been saved. */
export function useLeaveGuard(isDirty: boolean, question: string): () => void {
  // A ref and not a state: the navigation after saving comes before the next drawing.
  const mayLeave = useRef(false);
  useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !mayLeave.current && current.pathname !== next.pathname && !window.confirm(question),
    enableBeforeUnload: () => isDirty && !mayLeave.current,
  });
  return useCallback(() => {
    mayLeave.current = true;
  }, []);
}
