// The tables of operations on runs. Part of schema.ts.
import type { BulkAction } from '@tidewheel/contract/routes/bulk';
import type { DeadLetterState } from '@tidewheel/contract/routes/dead-letters';
import type { RunMode } from '@tidewheel/contract/run';
import type { ColumnType, Generated } from 'kysely';

type Given<T> = ColumnType<T, T | undefined, T>;

export interface BulkOperationTable {
  workspace_id: string;
  id: string;
  action: BulkAction;
  detail: string | null;
  runs: string[];
  position: Given<number>;
  taken_token: Given<string | null>;
  taken_until: Given<Date | null>;
  created_by: string;
  created_at: Generated<Date>;
}

export interface DeadLetterTable {
  workspace_id: string;
  run_id: string;
  flow_id: string;
  last_run_id: string;
  state: Given<DeadLetterState>;
  code: string;
  step_id: string | null;
  at: Generated<Date>;
  replay_id: string | null;
  replays: Given<number>;
  ended_at: Date | null;
  ended_by: string | null;
  comment: string | null;
}

export interface BackfillTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  parameter: string;
  from_date: string;
  to_date: string;
  every: 'day' | 'weekday' | 'week' | 'month';
  mode: RunMode;
  concurrency: number;
  dates: string[];
  created_by: string;
  created_at: Generated<Date>;
  cancelled_at: Given<Date | null>;
  cancelled_by: Given<string | null>;
  is_cancelling: Given<boolean>;
}

export interface PerformanceTestTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  version: number;
  mode: RunMode;
  runs: number;
  concurrency: number;
  created_by: string;
  created_at: Generated<Date>;
  cancelled_at: Given<Date | null>;
  cancelled_by: Given<string | null>;
  is_cancelling: Given<boolean>;
}

export interface OperationTables {
  bulk_operation: BulkOperationTable;
  dead_letter: DeadLetterTable;
  backfill: BackfillTable;
  performance_test: PerformanceTestTable;
}
