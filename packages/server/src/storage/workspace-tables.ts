// The tables of workspaces and service accounts, as Kysely sees them.
import type { Rule } from '@tidewheel/contract/access';
import type { ColumnType, Generated } from 'kysely';

type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface WorkspaceTable {
  id: string;
  slug: string;
  title: string;
  created_at: Generated<Date>;
  archived_at: Optional<Date>;
  archived_by: Optional<string>;
}
export interface WorkspaceSlugTable {
  slug: string;
  workspace_id: string;
  replaced_at: Generated<Date>;
}
export interface ServiceAccountTable {
  workspace_id: string;
  user_id: string;
  slug: string;
  description: string;
  owner_id: string | null;
  created_by: string;
  created_at: Generated<Date>;
}
export interface ApiTokenTable {
  workspace_id: string;
  id: string;
  user_id: string;
  title: string;
  token_hash: string;
  created_at: Generated<Date>;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  prefix: Optional<string>;
  scope: ColumnType<Rule[] | null, string | null | undefined, never>;
  networks: Optional<string[]>;
  last_used_address: Optional<string>;
  created_by: Optional<string>;
  reminded_at: Optional<Date>;
}
