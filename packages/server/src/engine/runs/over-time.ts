// What is said of a run whose time is over. Whose limit it was decides who can change it.
import { TimedOut } from '@tidewheel/contract/errors';
import { durationMs } from '@tidewheel/contract/flow-document';

export interface Overdue {
  created_at: Date;
  deadline_at: Date;
  /** That of the flow's document. */
  timeout: string | null;
}

export function overTime({ created_at, deadline_at, timeout }: Overdue): TimedOut {
  if (timeout !== null && deadline_at.getTime() - created_at.getTime() >= durationMs(timeout))
    return new TimedOut('run.timeout', `the run took longer than the time limit of its flow, ${timeout}`, { hint: 'Raise `timeout` in the flow document.' });
  const deadline = deadline_at.toISOString();
  return new TimedOut('run.timeout', `the run was not over at its deadline, ${deadline}`, {
    hint: 'Start it again with a later deadline, or with none.',
    details: { deadline },
  });
}
