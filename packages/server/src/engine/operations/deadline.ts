import { InvalidInput } from '@tidewheel/contract/errors';
import { durationMs, mostDurationMs } from '@tidewheel/contract/flow-document';
import type { Deadline } from '@tidewheel/contract/start-options';
import { databaseNow } from '../worker/database-clock.ts';
import type { Runner } from '../worker/job-queue.ts';
import type { RunLimit } from '../worker/new-run.store.ts';

/** Judged by the clock of the database, which also counts it. @throws InvalidInput `run.deadline` for one that is over */
export async function deadlineOf(given: Deadline, runner: Pick<Runner, 'query'>): Promise<RunLimit> {
  if (!/^\d{4}-/.test(given)) {
    const withinMs = durationMs(given);
    if (withinMs > 0 && withinMs <= mostDurationMs) return { withinMs };
    throw over(given);
  }
  const at = new Date(given);
  if (Number.isFinite(at.getTime()) && at > (await databaseNow(runner))) return { at };
  throw over(given);
}

function over(given: Deadline): InvalidInput {
  return new InvalidInput('run.deadline', `The deadline ${given} is over, or is no time at all.`, {
    hint: 'Give an instant to come, or a duration such as 30m.',
  });
}
