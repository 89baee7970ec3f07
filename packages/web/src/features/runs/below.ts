// The runs below a step, in figures and words.
import type { StepRun } from '@tidewheel/contract/run';
import { formatCount } from '../../shared/format.ts';

export interface Below {
  total: number | null;
  done: number;
  failed: number;
  /** Of the total; null while that is not known. */
  percent: number | null;
}

export function belowOf({ children, value }: Pick<StepRun, 'children' | 'value'>): Below | null {
  if (!children) return null;
  const failed = children.failed + children.cancelled;
  const done = children.succeeded + failed;
  const total = children.total ?? totalIn(value);
  return { total, done, failed, percent: total === null || total === 0 ? null : Math.min(100, (done / total) * 100) };
}

/** A step that has ended says it in its value. */
function totalIn(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const { total, times } = value as { total?: unknown; times?: unknown };
  return typeof total === 'number' ? total : typeof times === 'number' ? times : null;
}

/** `7 of 10 done, 2 failed`. */
export function belowWords({ total, done, failed }: Below): string {
  const all = total === null ? `${formatCount(done)} done` : `${formatCount(done)} of ${formatCount(total)} done`;
  return failed === 0 ? all : `${all}, ${formatCount(failed)} failed`;
}
