// A run as the worker that holds some of it sees it, in memory for as long as it holds a lease on it.

import type { StoredError } from '@tidewheel/contract/errors';
import type { StepState } from '@tidewheel/contract/run';
import type { Preview } from '@tidewheel/contract/values';
import type { StoredOutput } from '../../storage/schema.ts';
import type { Scope } from '../expressions/scope.ts';
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
  facts: Map<string, StepFact>;
  /** Ends when the run is cancelled. */
  cancel: AbortController;
  /** Leases of it that this worker holds, and claims on their way that count on it being here. */
  held: number;
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
}

export interface Retrying {
  at: Date;
  attempt: number;
  reason: string;
  error: StoredError;
}

/** How a unit ended: each of its steps has an end, or the unit is tried again. */
export interface UnitEnd {
  steps: StepEnd[];
  retry: Retrying | null;
  startedAt: Date;
  finishedAt: Date;
}

export function scopeOf(live: LiveRun): Scope {
  const steps: Scope['steps'] = {};
  for (const [id, { state, output }] of live.facts) {
    steps[id] = {
      state,
      rows: output?.counts?.rowsOut ?? output?.table?.rows ?? null,
      rejected: output?.counts?.rejected ?? 0,
      value: output?.value ?? null,
      files: (output?.files ?? []).map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    };
  }
  return { parameters: live.parameters, steps, run: { id: live.id, number: live.number, flow: live.flow }, now: live.now, today: live.today };
}
