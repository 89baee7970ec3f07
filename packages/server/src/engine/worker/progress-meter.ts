// Completes what a step says of its progress: the percentage from the total, the time that is left from the pace so far.
import { type ProgressUnit, progressUnits } from '@tidewheel/contract/progress-units';
import type { StepProgress } from '@tidewheel/contract/step-progress';
import type { ProgressReport } from '@tidewheel/kit/step-context';

/** A pace measured over less says nothing. */
const shortestMs = 1_000;

interface Seen {
  share: number;
  at: number;
}

export class ProgressMeter {
  readonly #attempt: number;
  #first: Seen | undefined;
  #last: Seen | undefined;

  constructor(attempt: number) {
    this.#attempt = attempt;
  }

  /** `now` in milliseconds. What a step says is not trusted to be numbers. */
  measure(report: ProgressReport, now: number): StepProgress {
    const counts: Partial<Record<ProgressUnit, number>> = {};
    for (const unit of progressUnits) if (isCount(report[unit])) counts[unit] = report[unit];
    const unit = progressUnits.find((one) => counts[one] !== undefined);
    const total = unit !== undefined && isCount(report.total) && report.total > 0 ? report.total : undefined;
    const share = shareOf({ done: unit && counts[unit], total, percent: report.percent });
    const remainingMs = share === undefined ? undefined : this.#remaining({ share, at: now });
    return {
      ...counts,
      ...(total === undefined ? {} : { total, unit }),
      ...(share === undefined ? {} : { percent: Math.floor(share * 1_000) / 10 }),
      ...(remainingMs === undefined ? {} : { remainingMs }),
      attempt: this.#attempt,
    };
  }

  #remaining(now: Seen): number | undefined {
    // It began something anew: the pace of before says nothing about it.
    if (this.#last !== undefined && now.share < this.#last.share) this.#first = undefined;
    this.#last = now;
    this.#first ??= now;
    const [share, ms] = [now.share - this.#first.share, now.at - this.#first.at];
    if (share <= 0 || ms < shortestMs) return undefined;
    return Math.round(((1 - now.share) / share) * ms);
  }
}

function shareOf({ done, total, percent }: { done: number | undefined; total: number | undefined; percent: number | undefined }): number | undefined {
  if (done !== undefined && total !== undefined) return Math.min(1, done / total);
  return isCount(percent) ? Math.min(1, percent / 100) : undefined;
}

function isCount(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
