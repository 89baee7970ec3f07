// What is known of a run when somebody asks why it stands where it stands.
import type { ErrorDetails } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { WhyRetry } from '@tidewheel/contract/routes/run-why';
import type { RunState, StepState, WaitKind } from '@tidewheel/contract/run';

export interface StepFacts {
  id: string;
  /** The unit that it is executed with, by the id of its first step. */
  unit: string;
  predecessors: string[];
  tag: string;
  when: string | null;
  /** The run does not fail for it. */
  mayFail: boolean;
  /** By the retry policy. */
  attempts: number;
  state: StepState;
  /** As it was recorded. */
  reason: string | null;
  attempt: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: { code: string; message: string; hint?: string | undefined; retryable: boolean } | null;
  retries: WhyRetry[];
}

/** Something of this run that waits in a queue. */
export interface JobFacts {
  unit: string;
  tag: string;
  /** Not before. */
  at: Date;
  since: Date;
  /** How many go first; null where it was not counted. */
  ahead: number | null;
}

/** A part of this run that a worker has. */
export interface LeaseFacts {
  /** Of a plan along one line the one it began with. */
  unit: string;
  claimedAt: Date;
  worker: string;
  beatAt: Date;
}

export interface WorkerFacts {
  tags: string[];
  concurrency: number;
  held: number;
  drain: { at: Date; by: string } | null;
  beatAt: Date;
}

/** Another run, by what may be said of it: null where whoever asks may not see it. */
export type NamedRun = { id: string; number: number } | null;

/** What a step waits for. */
export interface WaitFacts {
  step: string;
  kind: WaitKind;
  name: string | null;
  since: Date;
  until: Date | null;
  approval: { id: string; approvers: string[]; approved: number; quorum: number; deciders: number; you: boolean } | null;
  children: { total: number | null; running: number; failed: number; ended: number; failedRuns: NamedRun[] } | null;
}

/** Something that would be queued if it might. */
export interface ParkedFacts {
  unit: string;
  why: 'paused' | 'held' | 'slot';
  keys: string[];
  since: Date;
  /** How many wait for one of the keys and go first; null where it was not counted. */
  ahead: number | null;
  /** Who has the slots of the keys. */
  holders: { run: NamedRun; step: string; since: Date }[];
}

/** What holds back the run as a whole. */
export interface HoldFacts {
  paused: { at: Date; by: string } | null;
  /** The runs that go first: those through its gate, and how many are held before it. */
  held: { at: Date; through: NamedRun[]; before: number } | null;
}

export interface CancelFacts {
  by: string;
  at: Date;
}

export interface WhyFacts {
  now: Date;
  run: {
    id: string;
    number: number;
    flow: string;
    state: RunState;
    createdAt: Date;
    startedAt: Date | null;
    finishedAt: Date | null;
    error: { code: string; message: string; details?: ErrorDetails | undefined } | null;
  };
  /** In the order of the document. */
  steps: StepFacts[];
  jobs: JobFacts[];
  leases: LeaseFacts[];
  /** Those that are not declared dead and have a tag that the run needs. */
  workers: WorkerFacts[];
  paused: { at: Date; by: string; reason: string | null } | null;
  waits: WaitFacts[];
  parked: ParkedFacts[];
  hold: HoldFacts;
  cancel: CancelFacts | null;
  /** Whether whoever asks holds a permission on this run. */
  may(permission: Permission): boolean;
}

/** No sign of life for so long: such a worker takes nothing, though nobody has declared it dead yet. */
export const silentAfterMs = 5_000;

export function isSilent({ beatAt }: { beatAt: Date }, now: Date): boolean {
  return now.getTime() - beatAt.getTime() > silentAfterMs;
}
