// The tables of the audit trail. Part of schema.ts.
import type { ColumnType, Generated } from 'kysely';

type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
type Int8 = ColumnType<number, number, number>;

export interface AuditEntryTable {
  workspace_id: string;
  id: string;
  at: Date;
  action: string;
  payload_hash: Buffer;
  salt: Buffer | null;
  /** json, kept byte for byte: select body::text for what was hashed. */
  body: NullableJson<unknown>;
  actor_id: string | null;
  actor_label: string | null;
  object_type: string | null;
  object_id: string | null;
  /** The entry of the change that this one took back. */
  reverts: string | null;
}
export interface AuditRetentionTable {
  workspace_id: string;
  /** Null keeps everything. */
  days: number | null;
  updated_at: Generated<Date>;
  updated_by: string;
}
export interface AuditPendingTable {
  workspace_id: string;
  entry_id: string;
}
export interface AuditLeafTable {
  workspace_id: string;
  leaf_index: Int8;
  entry_id: string;
  hash: Buffer;
}
export interface AuditNodeTable {
  workspace_id: string;
  level: number;
  node_index: Int8;
  hash: Buffer;
}
export interface AuditCheckpointTable {
  workspace_id: string;
  size: Int8;
  root: Buffer;
  note: string;
  signed_at: Generated<Date>;
}

export interface AuditTables {
  audit_entry: AuditEntryTable;
  audit_pending: AuditPendingTable;
  audit_leaf: AuditLeafTable;
  audit_node: AuditNodeTable;
  audit_checkpoint: AuditCheckpointTable;
  audit_retention: AuditRetentionTable;
}
