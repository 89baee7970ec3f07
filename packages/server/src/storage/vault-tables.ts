// The tables of credentials and of the keys that seal them. Part of schema.ts.

import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AuditActor } from '../base/audit.ts';

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Fields = ColumnType<Record<string, unknown>, string | undefined, string>;

export interface CredentialTable {
  workspace_id: string;
  id: string;
  purpose: string;
  /** The four of the envelope are null when the credential is archived. */
  ciphertext: Buffer | null;
  nonce: Buffer | null;
  wrapped_key: Buffer | null;
  key_id: string | null;
  store: Defaulted<string>;
  /** Null: the private secret of a connection or of the mail server; then title and type are null too. */
  slug: string | null;
  title: string | null;
  type: string | null;
  description: Defaulted<string>;
  fields: Fields;
  facts: Fields;
  hosts: Defaulted<string[]>;
  connections: Defaulted<string[]>;
  expires_on: string | null;
  remind_days: Defaulted<number[]>;
  version: Defaulted<number>;
  created_by: Defaulted<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  rotated_at: Date | null;
  archived_at: Date | null;
}
export interface CredentialPreviousTable {
  workspace_id: string;
  credential_id: string;
  ciphertext: Buffer;
  nonce: Buffer;
  wrapped_key: Buffer;
  key_id: string;
  fields: JSONColumnType<Record<string, unknown>>;
  facts: JSONColumnType<Record<string, unknown>>;
  expires_on: string | null;
  erase_at: Date;
}
export interface CredentialUseTable {
  workspace_id: string;
  credential_id: string;
  connection: string;
  run_id: string | null;
  used_at: Date;
}
export interface CredentialReminderTable {
  workspace_id: string;
  credential_id: string;
  expires_on: string;
  days: number;
  sent_at: Generated<Date>;
}
export interface VaultRootKeyTable {
  id: string;
  generation: number;
  master_key_id: string;
  sealed: Buffer;
  is_base: Defaulted<boolean>;
  created_at: Generated<Date>;
}
export interface VaultRewrapTable {
  id: string;
  state: Defaulted<'running' | 'done' | 'failed'>;
  key_id: string;
  master_key_id: string;
  total: number;
  done: Defaulted<number>;
  failed: Defaulted<number>;
  workspace_id: string;
  started_at: Generated<Date>;
  started_by: string;
  actor: JSONColumnType<AuditActor>;
  finished_at: Date | null;
  note: string | null;
}
