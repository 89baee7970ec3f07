// The table of what people may have to be told of. Part of schema.ts.
import type { Severity } from '@tidewheel/contract/notification';
import type { ColumnType, Generated } from 'kysely';

export interface NotificationEventTable {
  workspace_id: string;
  id: string;
  kind: string;
  severity: Severity;
  title: string;
  text: string | null;
  object_type: string | null;
  object_id: string | null;
  flow_id: string | null;
  data: ColumnType<Record<string, unknown>, string, string>;
  raised_by: string;
  idempotency_key: string | null;
  /** The one person that it is for; null: everybody who may read them. */
  only_for: ColumnType<string | null, string | null | undefined, string | null>;
  at: Generated<Date>;
}
