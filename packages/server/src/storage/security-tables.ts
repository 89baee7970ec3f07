// The tables of limits and rates. Part of schema.ts.
import type { Rates } from '@tidewheel/contract/routes/security';
import type { ColumnType, Generated } from 'kysely';

export interface SecuritySettingsTable {
  singleton: Generated<boolean>;
  egress_allow: string[];
  cors_origins: string[];
  rates: ColumnType<Partial<Rates>, string, string>;
  upload_max_bytes: number;
  uploads_per_workspace: number;
  updated_at: Date | null;
  updated_by: string | null;
}
