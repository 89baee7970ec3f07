// How the live channel of this tab stands. Apart from the channel itself, so that the frame of the page can show it without loading it.
import type { LiveStatus } from '@tidewheel/client/live';
import { useSyncExternalStore } from 'react';

let status: LiveStatus | null = null;
const listeners = new Set<() => void>();

/** Null: there is no channel, because nothing on this page is followed. */
export function noteLiveStatus(next: LiveStatus | null): void {
  status = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveStatus(): LiveStatus | null {
  return useSyncExternalStore(subscribe, () => status);
}
