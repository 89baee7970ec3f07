// The tables of the installation as a whole (mail, rules of signing in) and of what only identity sees. Part of schema.ts.
import type { Role } from '@tidewheel/contract/access';
import type { MailServer, OutboxMail } from '@tidewheel/contract/routes/mail';
import type { FileRef } from '@tidewheel/contract/values';
import type { ColumnType, Generated } from 'kysely';

type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface SignInRulesTable {
  singleton: Defaulted<boolean>;
  min_password_length: Defaulted<number>;
  self_registration: Defaulted<boolean>;
  registration_role: Defaulted<Role>;
  idle_minutes: Defaulted<number>;
  max_sessions: Defaulted<number>;
  second_factor_roles: Defaulted<Role[]>;
  email_code_allowed: Defaulted<boolean>;
}
export interface PasswordHistoryTable {
  id: string;
  user_id: string;
  hash: string;
  created_at: Generated<Date>;
}
export interface AccountLinkTable {
  id: string;
  user_id: string;
  purpose: 'password-reset' | 'email-verification' | 'email-change';
  token_hash: string;
  mailed: boolean;
  created_by: string;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
  /** Of an email-change alone. */
  new_email: ColumnType<string | null, string | null | undefined, never>;
}
export interface MailServerTable {
  singleton: Defaulted<boolean>;
  host: string;
  port: number;
  security: MailServer['security'];
  certificate_authority: string | null;
  user_name: string | null;
  workspace_id: string;
  credential_id: string | null;
  from_address: string;
  from_name: string | null;
  updated_at: Generated<Date>;
  updated_by: string;
}
export interface MailOutboxTable {
  id: string;
  message_id: string;
  purpose: string;
  to_address: string;
  subject: string;
  sealed_text: Buffer | null;
  has_html: Defaulted<boolean>;
  state: Defaulted<OutboxMail['state']>;
  attempts: Defaulted<number>;
  created_at: Generated<Date>;
  next_attempt_at: Generated<Date>;
  claimed_until: Date | null;
  useful_until: Date;
  sent_at: Date | null;
  error: string | null;
  /** Of mails that steps send. */
  run_id: string | null;
  step_id: string | null;
  envelope: ColumnType<MailEnvelope | null, string | null, string | null>;
}
/** Whom the head of a step's mail names, and which objects go along. */
export interface MailEnvelope {
  workspaceId: string;
  to: string[];
  cc: string[];
  files: FileRef[];
}
export interface TotpTable {
  user_id: string;
  sealed_secret: Buffer;
  confirmed_at: Date | null;
  last_step: Defaulted<number>;
  created_at: Generated<Date>;
}
export interface RecoveryCodeTable {
  code_hash: string;
  user_id: string;
  used_at: Date | null;
}
