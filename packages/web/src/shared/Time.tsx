import { Tooltip } from '@mantine/core';
import { formatInstant, formatRelative, formatUtc } from './format.ts';
import { useNow } from './use-now.ts';

/** An instant in the reader's zone, with UTC (and, when relative, the exact time) in its tooltip. */
export function Time({ at, relative = false }: { at: string | null; relative?: boolean }) {
  const now = useNow(relative ? 30_000 : null);
  if (at === null) return <span>–</span>;
  const label = relative ? `${formatInstant(at)} · ${formatUtc(at)}` : formatUtc(at);
  return (
    <Tooltip label={label}>
      <time dateTime={at} className="tw-time">
        {relative ? formatRelative(at, now) : formatInstant(at)}
      </time>
    </Tooltip>
  );
}
