// Which of the lines that come are shown.
import type { LogLine } from '@tidewheel/contract/run';

const order: Record<LogLine['level'], number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogFilter {
  /** This level and above. */
  level?: LogLine['level'] | undefined;
  step?: string | null | undefined;
}

export function filterLines(lines: LogLine[], { level, step }: LogFilter): LogLine[] {
  const least = level === undefined ? 0 : order[level];
  return lines.filter((line) => order[line.level] >= least && (!step || line.step === step));
}
