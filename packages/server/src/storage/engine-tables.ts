// The tables of who works, of what waits and of what is shared. Part of schema.ts.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunMode, RunOrigin, WaitKind } from '@tidewheel/contract/run';
import type { ColumnType, Generated } from 'kysely';

type Given<T> = ColumnType<T, T | undefined, T>;
type NullableRead<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** Where a run belongs, and what holds it back. Part of the table of runs. */
export interface RunPlaceColumns {
  started_by_id: Given<string | null>;
  parent_id: Given<string | null>;
  parent_step: Given<string | null>;
  parent_attempt: Given<number | null>;
  item: Given<number | null>;
  root_id: Given<string | null>;
  depth: Given<number>;
  part: Given<string | null>;
  document: NullableRead<FlowDocument>;
  locals: NullableRead<Record<string, unknown>>;
  given: Given<string[] | null>;
  /** Steps that take over what succeeded below them in the run that this one repeats. */
  reuse: Given<string[] | null>;
  mode: Given<RunMode>;
  output: NullableRead<Record<string, unknown>>;
  cleans_up: Given<boolean>;
  cancel_forced: Given<boolean>;
  cancelling_at: Given<Date | null>;
  cancels_before: Given<boolean>;
  priority: Given<number>;
  paused_at: Given<Date | null>;
  paused_by: Given<string | null>;
  /** The event by which it was paused or resumed, while those directly below it have not all followed. */
  passes_on: Given<number | null>;
  gate: Given<string | null>;
  gate_most: Given<number | null>;
  held_at: Given<Date | null>;
  origin_kind: Given<RunOrigin['kind'] | null>;
  origin_id: Given<string | null>;
  origin_slug: Given<string | null>;
  /** The moment it was for. */
  origin_at: Given<Date | null>;
}

export interface StepWaitTable {
  workspace_id: string;
  run_id: string;
  step_id: string;
  id: string;
  kind: WaitKind;
  name: string | null;
  reason: string;
  data: ColumnType<Record<string, unknown>, string, string>;
  attempt: number;
  tag: string;
  priority: number;
  opened_at: Generated<Date>;
  until_at: Date | null;
  tick_at: Date | null;
  answer: NullableRead<{ by: 'time' | 'answer'; answer: unknown; who: string | null; at: string }>;
  ended_at: Date | null;
}

export interface RunSignalTable {
  workspace_id: string;
  id: string;
  run_id: string;
  name: string;
  data: NullableRead<unknown>;
  sent_by: string;
  at: Generated<Date>;
  taken_at: Date | null;
}

export interface ParkedJobTable {
  workspace_id: string;
  id: string;
  run_id: string;
  unit: string;
  attempt: number;
  tag: string;
  priority: number;
  why: 'paused' | 'held' | 'slot';
  keys: string[] | null;
  slots: number[] | null;
  since: Generated<Date>;
}

export interface SlotTable {
  workspace_id: string;
  key: string;
  job_id: string;
  run_id: string;
  unit: string;
  since: Generated<Date>;
}

export interface WorkerTable {
  id: string;
  host: string;
  pid: number;
  tags: string[];
  started_at: Generated<Date>;
  beat_at: Generated<Date>;
  dead_at: Date | null;
  /** The last batch this worker committed: tells after a lost connection whether the commit got through. */
  flush_seq: ColumnType<number, number | undefined, number>;
  version: ColumnType<string, string | undefined, string>;
  concurrency: ColumnType<number, number | undefined, number>;
  /** Steps per minute, by tag. */
  rates: ColumnType<Record<string, number>, string | undefined, string>;
  drain_at: Date | null;
  drain_by: string | null;
}

export interface EngineControlTable {
  singleton: Generated<boolean>;
  paused_at: Date | null;
  paused_by: string | null;
  pause_reason: string | null;
}

/** What waits, and what is shared. */
export interface WaitingTables {
  step_wait: StepWaitTable;
  run_signal: RunSignalTable;
  parked_job: ParkedJobTable;
  slot: SlotTable;
}
