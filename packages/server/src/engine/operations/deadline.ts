import { InvalidInput } from '@tidewheel/contract/errors';
import { durationMs } from '@tidewheel/contract/flow-document';
import type { Deadline } from '@tidewheel/contract/start-options';

/** @throws InvalidInput `run.deadline` for one that is over */
export function deadlineOf(given: Deadline, now: Date): Date {
  const at = /^\d{4}-/.test(given) ? new Date(given) : new Date(now.getTime() + durationMs(given));
  if (Number.isFinite(at.getTime()) && at > now) return at;
  throw new InvalidInput('run.deadline', `The deadline ${given} is over, or is no time at all.`, {
    hint: 'Give an instant to come, or a duration such as 30m.',
  });
}
