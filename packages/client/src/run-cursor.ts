// How far a reader of one run has got: it takes each event and log line once, in order, and notices a gap.
import type { LogLine, RunEvent } from '@tidewheel/contract/run';

/** `take`: new, hand it on. `seen`: a repeat, drop it. `gap`: something before it is missing, ask again from the cursor. */
export type Verdict = 'take' | 'seen' | 'gap';

export class RunCursor {
  after: number;
  afterLog: number;
  #askedAt = -1;

  constructor(start: { after?: number | undefined; afterLog?: number | undefined } = {}) {
    this.after = start.after ?? 0;
    this.afterLog = start.afterLog ?? 0;
  }

  /** Events count up without gaps, so one that jumps means that the channel lost some. Asked again once per place, never in a loop. */
  event(event: Pick<RunEvent, 'seq'>): Verdict {
    if (event.seq <= this.after) return 'seen';
    if (event.seq > this.after + 1 && this.#askedAt !== this.after) {
      this.#askedAt = this.after;
      return 'gap';
    }
    this.after = event.seq;
    return 'take';
  }

  /** Log lines count up too, but may be thinned out by retention: only repeats are dropped. */
  log(line: Pick<LogLine, 'seq'>): Verdict {
    if (line.seq <= this.afterLog) return 'seen';
    this.afterLog = line.seq;
    return 'take';
  }
}

const stateOf: Partial<Record<RunEvent['type'], 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelling' | 'cancelled'>> = {
  'run.queued': 'queued',
  'run.started': 'running',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.cancelling': 'cancelling',
  'run.cancelled': 'cancelled',
};

/** The state of the run that an event announces; undefined for the events of steps. */
export function runStateOf(event: Pick<RunEvent, 'type'>) {
  return stateOf[event.type];
}
