// The table engine port: compiles a stretch of the relational tree and runs it in a warm pool of child processes. DESIGN 5.

import type { StoredError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { RelationNode, StoredInput } from '@tidewheel/contract/relation';
import type { CheckOutcome, Column, Preview, RowCounts } from '@tidewheel/contract/values';
import type { ShownLimits } from './process/shown-rows.ts';

/** A run's parameter as a typed SQL literal: what `:name` in a row expression becomes. */
export interface SqlParameter {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'json';
  /** Of `json` anything: a map becomes a struct, so that `:item.name` is one of its fields. */
  value: unknown;
}

export interface TableJobNode {
  /** The step's id: errors and results name it. */
  id: string;
  node: RelationNode;
  /** By input name: another node of this job, or a stored table or source file. Reading nodes have one stored `input`. */
  inputs: Record<string, { node: string } | { stored: StoredInput }>;
  /** Whether somebody outside the job needs its table: then it is written as Parquet. */
  keep: boolean;
}

export interface TableJob {
  /** In topological order. */
  nodes: TableJobNode[];
  parameters: Record<string, SqlParameter>;
  /** The run's frozen clock: `now()`, `today()`, `current_date` in expressions give these. */
  now: Date;
  today: string;
  timeZone: string;
  /** An existing empty folder of the job's own; outputs appear in it. */
  folder: string;
  /** Less than what the installation gives to a job: `512MB`, and threads. Asking for more is refused. */
  memory?: string | undefined;
  threads?: number | undefined;
}

export interface WrittenTable {
  path: string;
  rows: number;
  bytes: number;
  columns: Column[];
}

export interface TableNodeResult {
  counts: RowCounts;
  /** When `keep` was asked. */
  table?: WrittenTable;
  /** `write` nodes: the file made. */
  file?: { path: string; rows: number };
  /** The rejected or quarantined rows with `_reason` and `_step`, when there are any. */
  rejected?: WrittenTable;
  /** The first 100 rows. */
  preview: Preview;
  checks?: CheckOutcome[];
}

export interface TableJobResult {
  /** Of every node, or when the job was stopped of those that were computed before. */
  nodes: Record<string, TableNodeResult>;
  /** The step whose check with severity `stop` failed, and with what. Nothing was written after it. */
  stopped?: { step: string; error: StoredError; checks: CheckOutcome[] };
  /** Milliseconds inside the process. */
  ms: number;
  /** Of these, spent on counting rows that no other statement counted. */
  countingMs: number;
}

/** How much of a step's present statement is done, 0 to 100; null: it is not known. */
export interface StepPercent {
  step: string;
  percent: number | null;
}

export interface TableEngine {
  /** A check that stops the job ends it with a result. @throws AppError whose `details.step` names the node at fault: InvalidInput for the user's part, TimedOut on signal, Unreachable (retryable) when the process died. */
  run(job: TableJob, options: { signal: AbortSignal; log?: (text: string) => void; progress?: (done: StepPercent) => void }): Promise<TableJobResult>;
  /** Faults of row expressions and SQL that can be seen without data: syntax, several statements, node classes or functions that are not allowed. `path` is passed through. */
  check(expressions: { path: string; text: string; kind: 'row' | 'sql'; parameters: string[] }[]): Promise<Fault[]>;
  /** A window of a Parquet file; with `shown` long cells are cut, for people to look at. */
  page(file: string, window: { offset: number; limit: number; shown?: ShownLimits }): Promise<Preview & { total: number }>;
  /** All rows of a Parquet file in order, in batches of `batch` rows, values as the kit's Row describes. */
  rows(file: string, options: { columns?: string[]; batch?: number; signal?: AbortSignal }): AsyncIterable<Record<string, unknown>[]>;
  /** Ends the pool's processes. */
  close(): Promise<void>;
}
