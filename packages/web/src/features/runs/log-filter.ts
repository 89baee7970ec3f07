// Which log lines are shown.
import type { LogLine } from '@tidewheel/contract/run';

const order: Record<LogLine['level'], number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogFilter {
  /** This level and above. */
  level?: LogLine['level'] | undefined;
  step?: string | null | undefined;
  /** Part of the text, in any case. */
  text?: string | undefined;
}

export function filterLines(lines: LogLine[], filter: LogFilter): LogLine[] {
  const wanted = filter.text?.toLowerCase();
  const least = filter.level === undefined ? 0 : order[filter.level];
  return lines.filter(
    (line) => order[line.level] >= least && (!filter.step || line.step === filter.step) && (!wanted || line.text.toLowerCase().includes(wanted)),
  );
}
