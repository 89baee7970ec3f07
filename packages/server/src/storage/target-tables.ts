// The tables of hosts and groups of hosts. Part of schema.ts.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { TargetFactValues, TargetSystem } from '@tidewheel/contract/target';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Facts = ColumnType<TargetFactValues, string | undefined, string>;

export interface TargetTable {
  workspace_id: string;
  id: string;
  name: string;
  title: string;
  description: string;
  os: TargetSystem;
  address: string;
  transport: string;
  settings: JSONColumnType<Record<string, unknown>>;
  credential_id: string | null;
  via_id: string | null;
  category: string | null;
  tags: Defaulted<string[]>;
  facts: Facts;
  found: Facts;
  found_at: Date | null;
  contact_ok: boolean | null;
  contact_at: Date | null;
  contact_by: string | null;
  /** What the last test found. */
  contact: ColumnType<TestResult | null, string | null | undefined, string | null>;
  tested_at: Date | null;
  tested_by: string | null;
  reached_at: Date | null;
  failed_at: Date | null;
  failed_by: string | null;
  failed_why: string | null;
  maintenance_from: Date | null;
  maintenance_until: Date | null;
  maintenance_reason: string | null;
  maintenance_by: string | null;
  created_at: Generated<Date>;
  created_by: string;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}
export interface TargetTables {
  target: TargetTable;
  target_relation: { workspace_id: string; target_id: string; depends_on: string };
  target_group: {
    workspace_id: string;
    id: string;
    slug: string;
    title: string;
    description: string;
    query: string | null;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    archived_at: Date | null;
  };
  target_group_member: { workspace_id: string; group_id: string; target_id: string };
  target_use: { workspace_id: string; target_id: string; run_id: string; used_at: Date };
  credential_target_use: { workspace_id: string; credential_id: string; target_id: string; run_id: string | null; used_at: Date };
}
