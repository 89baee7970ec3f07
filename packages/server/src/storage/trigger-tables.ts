// The tables of triggers and of what came to them. Part of schema.ts.
import type { StoredError } from '@tidewheel/contract/errors';
import type { RunState } from '@tidewheel/contract/run';
import type { TriggerEventState, TriggerKind } from '@tidewheel/contract/trigger';
import type { FileRef } from '@tidewheel/contract/values';
import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
type Given<T> = ColumnType<T, T | undefined, T>;
type GivenJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

export interface FlowTriggerTable {
  workspace_id: string;
  id: string;
  slug: string;
  title: string;
  kind: TriggerKind;
  flow_id: string;
  config: Json<Record<string, unknown>>;
  parameters: Json<Record<string, string>>;
  condition: string | null;
  owner_id: string | null;
  owner_label: string;
  paused_at: Given<Date | null>;
  paused_by: Given<string | null>;
  credential_id: Given<string | null>;
  secret_version: Given<number>;
  secret_set_at: Given<Date | null>;
  secret_previous_until: Given<Date | null>;
  memory: GivenJson<Record<string, unknown>>;
  note: Given<string | null>;
  last_look_at: Given<Date | null>;
  next_look_at: Given<Date | null>;
  failing_since: Given<Date | null>;
  failures: Given<number>;
  last_error: GivenJson<StoredError>;
  lease_token: Given<string | null>;
  lease_until: Given<Date | null>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Given<Date | null>;
}

export interface TriggerEventTable {
  workspace_id: string;
  id: string;
  trigger_id: string;
  key: string;
  at: Generated<Date>;
  state: TriggerEventState;
  title: string;
  reason: string | null;
  event: GivenJson<Record<string, unknown>>;
  files: GivenJson<FileRef[]>;
  run_id: string | null;
  depth: Given<number>;
  times: Given<number>;
  last_at: Generated<Date>;
  replay_of: Given<string | null>;
}

export interface TriggerItemTable {
  workspace_id: string;
  trigger_id: string;
  key: string;
  version: string;
  since: Date;
  done: boolean;
  gone_at: Given<Date | null>;
}

export interface TriggerWatchTable {
  workspace_id: string;
  flow_id: string;
  trigger_id: string;
  states: RunState[];
}

export interface TriggerEndedTable {
  workspace_id: string;
  trigger_id: string;
  run_id: string;
  at: Generated<Date>;
}

export interface TriggerTables {
  flow_trigger: FlowTriggerTable;
  trigger_event: TriggerEventTable;
  trigger_item: TriggerItemTable;
  trigger_watch: TriggerWatchTable;
  trigger_ended: TriggerEndedTable;
}
