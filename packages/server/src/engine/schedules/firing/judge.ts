// What becomes of a schedule that is due, and when it is due next. Of those that say the same and are due at the same moment it is worked out once.
import { type NextMoment, nextAfter } from '../planning.ts';
import type { CompiledTiming } from '../timing/compile.ts';
import type { Overrides } from '../timing/search.ts';
import { type Due, dueMoments } from './due.ts';

export interface Judged {
  due: Due;
  next: NextMoment;
}
interface Asked {
  /** The first moment that may be due. */
  since: number;
  now: number;
  overrides: Overrides;
}

/** The newest answer of each, while its timing is in use. */
const answers = new WeakMap<CompiledTiming, Judged & Omit<Asked, 'overrides'>>();

/** @throws AppError for a timing that can no longer be followed */
export function judge(timing: CompiledTiming, { since, now, overrides }: Asked): Judged {
  const known = answers.get(timing);
  if (known && overrides.size === 0 && isStillSo({ ...known, timing }, { since, now })) return known;
  const due = dueMoments(timing, { since, now, overrides });
  const judged = { due, next: nextAfter(timing, { after: now, overrides }) };
  if (overrides.size === 0) answers.set(timing, { ...judged, since, now });
  return judged;
}

/** From the same moment on nothing more has come due, and nothing was missed. */
function isStillSo(
  { timing, since, now, due, next }: Judged & Omit<Asked, 'overrides'> & { timing: CompiledTiming },
  asked: Omit<Asked, 'overrides'>,
): boolean {
  const isOnTime = asked.since >= asked.now - timing.policies.graceSeconds * 1_000;
  const hasNoMore = next.next_at !== null && asked.now < next.next_at.getTime();
  return since === asked.since && now <= asked.now && isOnTime && due.skips.length === 0 && hasNoMore;
}
