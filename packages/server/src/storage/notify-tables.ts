// The tables of who is told what, and of the messages. Part of schema.ts.
import type { Severity } from '@tidewheel/contract/notification';
import type { NotificationPreferences, RuleContent, TeamContent, TemplateContent } from '@tidewheel/contract/notify';
import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
type Null<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface NamedContent<T> {
  workspace_id: string;
  slug: string;
  content: Json<T>;
  updated_at: Generated<Date>;
  updated_by: string;
}

/** `handed`: to the mail outbox, which has the rest of the story under the same id. */
export type StoredMessageState = 'waiting' | 'sending' | 'handed' | 'sent' | 'unknown' | 'failed' | 'left_out' | 'folded';

export interface NotificationMessageTable {
  workspace_id: string;
  id: string;
  event_id: string;
  rule: string;
  channel: string;
  via: 'mail' | 'inbox' | 'call';
  recipient: string;
  user_id: string | null;
  address: string | null;
  template: string;
  kind: string;
  severity: Severity;
  title: string;
  text: string;
  /** As the template words it, for the pages; null while nobody did. */
  shown_title: Null<string>;
  shown_text: Null<string>;
  flow_id: string | null;
  alike: string;
  alike_until: Date | null;
  more: Generated<number>;
  part_of: Null<string>;
  state: StoredMessageState;
  reason: string | null;
  because: string;
  attempts: Generated<number>;
  due_at: Date | null;
  claimed_until: Null<Date>;
  sent_at: Null<Date>;
  answer: Null<string>;
  error: Null<string>;
  read_at: Null<Date>;
  created_at: Generated<Date>;
}

export interface NotifyTables {
  notification_pending: { workspace_id: string; event_id: string };
  notification_channel: {
    workspace_id: string;
    slug: string;
    title: string;
    type: string;
    enabled: boolean;
    config: Json<Record<string, unknown>>;
    credential_id: string | null;
    resting_until: Null<Date>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    updated_by: string;
  };
  notification_rule: NamedContent<RuleContent>;
  notification_team: NamedContent<TeamContent>;
  notification_template: {
    workspace_id: string;
    slug: string;
    version: number;
    content: Json<TemplateContent>;
    created_at: Generated<Date>;
    created_by: string;
    archived_at: Null<Date>;
  };
  notification_preference: { workspace_id: string; user_id: string; content: Json<NotificationPreferences>; updated_at: Generated<Date> };
  notification_message: NotificationMessageTable;
  notification_streak: { workspace_id: string; flow_id: string; failures: number };
  notifier_control: { singleton: Generated<boolean>; stopped_at: Date | null; stopped_by: string | null; round_at: Date | null };
}
