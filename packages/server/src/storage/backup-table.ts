// The table of backups. Part of schema.ts.
import type { BackupScope, BackupVerification, backupOrigins } from '@tidewheel/contract/backup';
import type { StoredError } from '@tidewheel/contract/errors';
import type { ColumnType, Generated } from 'kysely';

type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface BackupTable {
  workspace_id: string;
  number: number;
  title: string;
  scope: BackupScope;
  origin: (typeof backupOrigins)[number];
  state: 'making' | 'ready' | 'failed';
  encrypted: boolean;
  connection: string | null;
  folder: string | null;
  file_name: string;
  size: Later<number>;
  sha256: Later<string>;
  rows: Later<number>;
  files: Later<number>;
  made_at: ColumnType<Date, Date | undefined, Date>;
  made_by: string;
  created_at: Generated<Date>;
  created_by: string;
  flow: string | null;
  step: string | null;
  run_id: string | null;
  error: NullableJson<StoredError>;
  touched_at: ColumnType<Date, never, Date>;
  verified: NullableJson<BackupVerification>;
  restored_at: Later<Date>;
  restored_by: Later<string>;
  removed_at: Later<Date>;
  removed_by: Later<string>;
}
