// The tables of schedules. Part of schema.ts.
import type { firingOutcomes, ScheduleParameter, ScheduleTiming } from '@tidewheel/contract/schedule';
import type { ColumnType, Generated } from 'kysely';

type Given<T> = ColumnType<T, T | undefined, T>;

export interface ScheduleTable {
  workspace_id: string;
  id: string;
  slug: string;
  title: string;
  description: string | null;
  flow_id: string;
  timing: ColumnType<ScheduleTiming, string, string>;
  parameters: ColumnType<Record<string, ScheduleParameter>, string, string>;
  owner_id: string | null;
  owner_label: string;
  paused_at: Date | null;
  paused_by: string | null;
  archived_at: Given<Date | null>;
  next_at: Date | null;
  problem: string | null;
  looked_at: Date | null;
  revision: Given<number>;
  created_at: Generated<Date>;
  updated_at: Given<Date>;
}

export interface ScheduleFiringTable {
  workspace_id: string;
  schedule_id: string;
  instant: Date;
  planned_at: Date;
  outcome: (typeof firingOutcomes)[number];
  why: string | null;
  run_id: string | null;
  at: Generated<Date>;
  fired_by: Given<string | null>;
}

export interface ScheduleChangeTable {
  workspace_id: string;
  schedule_id: string;
  instant: Date;
  to_instant: Date | null;
  changed_by: string;
  reason: string | null;
  at: Given<Date>;
}

export interface SchedulerControlTable {
  singleton: Generated<boolean>;
  stopped_at: Date | null;
  stopped_by: string | null;
  reason: string | null;
}

export interface SchedulerProcessTable {
  id: string;
  host: string;
  pid: number;
  started_at: Generated<Date>;
  beat_at: Given<Date>;
  fired: Given<number>;
}

export interface ScheduleTables {
  schedule: ScheduleTable;
  schedule_firing: ScheduleFiringTable;
  schedule_change: ScheduleChangeTable;
  scheduler_control: SchedulerControlTable;
  scheduler_process: SchedulerProcessTable;
}
