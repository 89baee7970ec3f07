// The tables of roles and what goes beyond them, as Kysely sees them.
import type { Mask, Rule } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type NullableJson<T> = ColumnType<T | null, string | null, string | null>;

export interface RoleTable {
  workspace_id: string;
  slug: string;
  title: string;
  description: string;
  /** Null: those of the preset. */
  rules: NullableJson<Rule[]>;
  masks: JSONColumnType<Mask[]>;
  revision: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
export interface AccessGrantTable {
  workspace_id: string;
  id: string;
  user_id: string;
  role: string | null;
  rules: NullableJson<Rule[]>;
  reason: string;
  created_by: string;
  created_by_id: string | null;
  created_at: Generated<Date>;
  starts_at: ColumnType<Date, Date | undefined, Date>;
  ends_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
}
export interface DelegationTable {
  workspace_id: string;
  id: string;
  from_user: string;
  to_user: string;
  permissions: Permission[] | null;
  reason: string;
  created_at: Generated<Date>;
  starts_at: ColumnType<Date, Date | undefined, Date>;
  ends_at: Date;
  revoked_at: Date | null;
  revoked_by: string | null;
}
export interface SeparationTable {
  workspace_id: string;
  id: string;
  title: string;
  one: Permission[];
  other: Permission[];
  created_by: string;
  created_at: Generated<Date>;
}
