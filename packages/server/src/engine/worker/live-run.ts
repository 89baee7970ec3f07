// A run as the worker that holds some of it sees it, in memory for as long as it holds a lease on it.

import type { StoredError } from '@tidewheel/contract/errors';
import type { RunMode, StepState, WaitKind } from '@tidewheel/contract/run';
import type { Preview } from '@tidewheel/contract/values';
import type { StoredOutput } from '../../storage/schema.ts';
import type { Calendars } from '../expressions/calendars.ts';
import type { Scope, StepScope } from '../expressions/scope.ts';
import type { Plan } from '../flows/plan.ts';
import type { ClaimedJob } from './job-queue.ts';

/** What is known of a finished step. */
export interface StepFact {
  state: StepState;
  output: StoredOutput | null;
}

export interface LiveRun {
  id: string;
  workspaceId: string;
  number: number;
  flow: string;
  startedBy: string;
  plan: Plan;
  parameters: Record<string, unknown>;
  now: Date;
  today: string;
  /** As they were when it started; undefined when it asks for none. */
  calendars: Calendars | undefined;
  /** What its expressions see beside the parameters: item, index, iteration, last. */
  locals: Record<string, unknown>;
  mode: RunMode;
  priority: number;
  /** What it works for. */
  parent: ParentStep | null;
  /** The part of the version that it runs. */
  part: string | null;
  /** Its steps were made by the step that it works for. */
  isMade: boolean;
  depth: number;
  rootId: string;
  /** What starts the address to which others call back, with the run's own proof. */
  callback: string;
  /** Of its own steps, and of those around it that had ended when it began. */
  facts: Map<string, StepFact>;
  /** Ends when the run is cancelled. */
  cancel: AbortController;
  /** Ends when the run is cancelled a second time: what cleans up is ended too. */
  force: AbortController;
  /** Leases of it that this worker holds, and claims on their way that count on it being here. */
  held: number;
}

export interface ParentStep {
  run: string;
  step: string;
  attempt: number;
  item: number;
}

/** The right to advance one path of a run, and the unit it is at. */
export interface Lease {
  job: ClaimedJob;
  live: LiveRun;
  unit: string;
  /** Which attempt at this unit it is, lost leases counted: what people see. */
  attempt: number;
  /** The same by the retry policy, lost leases not counted. */
  tried: number;
  /** A commit of several of its results was refused: each has its own from now on. */
  isCareful?: boolean;
}

/** Why a run's signal ended: a person or its deadline asked for it. */
export class RunCancelled extends Error {}

export interface NewArtifact {
  name: string;
  mediaType: string;
  size: number;
  sha256: string;
  md5: string;
  metadata: Record<string, unknown>;
}

/** How one step of a unit ended. */
export interface StepEnd {
  step: string;
  state: 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  reason: string | null;
  output: StoredOutput | null;
  preview: Preview | null;
  error: StoredError | null;
  artifacts: NewArtifact[];
  /** When it ran, if that is not when its unit did. */
  ran?: { startedAt: Date; finishedAt: Date };
}

export interface Retrying {
  at: Date;
  attempt: number;
  reason: string;
  error: StoredError;
}

/** A wait as it is written: for its step to go on when it ends. */
export interface OpenWait {
  id: string;
  step: string;
  kind: WaitKind;
  name: string | null;
  reason: string;
  data: Record<string, unknown>;
  until: Date | null;
}

/** How a unit ended: each of its steps has an end, or the unit is tried again, or it waits. */
export interface UnitEnd {
  steps: StepEnd[];
  retry: Retrying | null;
  wait?: OpenWait | undefined;
  /** Why its step waits, when it does: a new reason, or the wait that begins. */
  waiting?: string | undefined;
  /** It waits for runs below it that are yet to be started: the lease goes on with the same unit. */
  goesOn?: boolean;
  startedAt: Date;
  finishedAt: Date;
  /** It went on after a wait: it began earlier. */
  isResumed?: boolean;
  /** The units after the lease's own that ran ahead of this commit, in their order: `steps` has theirs too. */
  ahead?: string[];
}

export function scopeOf(live: LiveRun): Scope {
  const { id, number, flow, callback, startedBy } = live;
  return {
    parameters: live.parameters,
    locals: live.locals,
    steps: new Results(live),
    run: { id, number, flow, callback, startedBy },
    now: live.now,
    today: live.today,
    calendars: live.calendars,
  };
}

const noEnd: StepScope = { state: 'pending', rows: null, rejected: 0, value: null, files: [] };

/** What the steps of a run came to, each put together when it is read. */
class Results {
  readonly #live: LiveRun;
  constructor(live: LiveRun) {
    this.#live = live;
  }
  has(step: string): boolean {
    return this.#live.facts.has(step) || this.#mayLackEnd(step);
  }
  get(step: string): StepScope | undefined {
    const fact = this.#live.facts.get(step);
    if (fact) return resultOf(fact);
    return this.#mayLackEnd(step) ? noEnd : undefined;
  }
  keys(): Iterable<string> {
    const { facts, plan } = this.#live;
    return plan.isPlain ? facts.keys() : new Set([...facts.keys(), ...plan.steps.keys()]);
  }
  /** A step that needs not all of those before it may name one that has no end yet. */
  #mayLackEnd(step: string): boolean {
    const { plan } = this.#live;
    return !plan.isPlain && plan.steps.has(step);
  }
}

function resultOf({ state, output }: StepFact): StepScope {
  return {
    state,
    rows: output?.counts?.rowsOut ?? output?.table?.rows ?? null,
    rejected: output?.counts?.rejected ?? 0,
    value: output?.value ?? null,
    files: (output?.files ?? []).map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  };
}
