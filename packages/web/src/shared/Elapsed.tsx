import { elapsedMs, formatDuration } from './format.ts';
import { useNow } from './use-now.ts';

/** How long something took; counts on while it has not finished. */
export function Elapsed({ startedAt, finishedAt }: { startedAt: string | null; finishedAt: string | null }) {
  const isRunning = startedAt !== null && finishedAt === null;
  const now = useNow(isRunning ? 500 : null);
  const ms = elapsedMs({ startedAt, finishedAt }, now);
  return <span style={{ whiteSpace: 'nowrap' }}>{ms === null ? '–' : formatDuration(ms)}</span>;
}
