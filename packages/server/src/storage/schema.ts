// The tables as Kysely sees them: one interface per table, snake_case as in the database. Migrations are the source; keep both in one commit.

import type { Role } from '@tidewheel/contract/access';
import type { StoredError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunEvent, RunState, StepState } from '@tidewheel/contract/run';
import type { StepProgress } from '@tidewheel/contract/step-progress';
import type { CheckOutcome, FileRef, Preview, RowCounts, TableRef } from '@tidewheel/contract/values';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AccessGrantTable, DelegationTable, RoleTable, SeparationTable } from './access-tables.ts';
import type { ApprovalAskedTable, ApprovalTable, ApprovalVoteTable } from './approval-tables.ts';
import type { AuditTables } from './audit-tables.ts';
import type { BackupTable } from './backup-table.ts';
import type { CalendarTables } from './calendar-tables.ts';
import type { ColorSearchTables } from './color-search-tables.ts';
import type { ColorSessionTables } from './color-session-tables.ts';
import type { ColorTables } from './color-tables.ts';
import type { EngineControlTable, RunPlaceColumns, WaitingTables, WorkerTable } from './engine-tables.ts';
import type { EmailFactorTable, PasskeyChallengeTable, PasskeyTable, PendingSignInTable, SecondFactorView } from './factor-tables.ts';
import type { FlowDraftTable } from './flow-draft-table.ts';
import type {
  AccountLinkTable,
  MailOutboxTable,
  MailServerTable,
  PasswordHistoryTable,
  RecoveryCodeTable,
  SignInRulesTable,
  TotpTable,
} from './installation-tables.ts';
import type { LogChunkTable, LogDueTable } from './log-tables.ts';
import type { NotificationEventTable } from './notification-table.ts';
import type { NotifyTables } from './notify-tables.ts';
import type { OperationTables } from './operation-tables.ts';
import type { ScheduleTables } from './schedule-tables.ts';
import type { SecuritySettingsTable } from './security-tables.ts';
import type { ExternalIdentityTable, SsoProviderTable, SsoStepTable, SsoTransactionTable } from './sso-tables.ts';
import type { TargetTables } from './target-tables.ts';
import type { TerminalSignInTable } from './terminal-table.ts';
import type { TriggerTables } from './trigger-tables.ts';
import type {
  CredentialPreviousTable,
  CredentialReminderTable,
  CredentialTable,
  CredentialUseTable,
  VaultRewrapTable,
  VaultRootKeyTable,
} from './vault-tables.ts';
import type { ApiTokenTable, ServiceAccountTable, WorkspaceSlugTable, WorkspaceTable } from './workspace-tables.ts';

type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
type Int8 = ColumnType<number, number, number>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

/** The jsonb `output` of a step_run: everything a step left except its preview. */
export interface StoredOutput {
  value?: unknown;
  table?: TableRef;
  files?: FileRef[];
  rejected?: TableRef;
  counts?: RowCounts;
  checks?: CheckOutcome[];
  /** Of a step that chooses: the branches it took. */
  branches?: string[];
}

export interface FlowTable {
  workspace_id: string;
  id: string;
  slug: string;
  title: string;
  kind: FlowDocument['kind'];
  description: string | null;
  folder: string | null;
  newest_version: number;
  step_count: number;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
  draft_revision: Defaulted<number>;
  off_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  off_by: ColumnType<string | null, string | null | undefined, string | null>;
  off_reason: ColumnType<string | null, string | null | undefined, string | null>;
}
export interface FlowVersionTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  version: number;
  source: string;
  document: Json<FlowDocument>;
  /** Step type to the config version the document was written for. */
  step_versions: ColumnType<Record<string, number>, string | undefined, string>;
  hash: string;
  created_by: string;
  created_at: Generated<Date>;
}
export interface RunTable extends RunPlaceColumns {
  workspace_id: string;
  id: string;
  number: Generated<number>;
  flow_id: string;
  version_id: string;
  state: RunState;
  parameters: JSONColumnType<Record<string, unknown>>;
  started_by: string;
  idempotency_key: string | null;
  rerun_of: string | null;
  frozen_now: Date;
  frozen_today: string;
  created_at: Generated<Date>;
  started_at: Date | null;
  finished_at: Date | null;
  deadline_at: Date | null;
  rows_in: number | null;
  rows_out: number | null;
  rejected: Defaulted<number>;
  error: NullableJson<StoredError>;
  event_seq: Defaulted<number>;
  log_seq: Defaulted<number>;
}
export interface StepRunTable {
  workspace_id: string;
  run_id: string;
  step_id: string;
  use: string;
  state: Exclude<StepState, 'pending'>;
  reason: string | null;
  attempt: Defaulted<number>;
  worker_id: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  output: NullableJson<StoredOutput>;
  preview: NullableJson<Preview>;
  error: NullableJson<StoredError>;
  progress: ColumnType<StepProgress | null, string | null | undefined, string | null>;
  /** The run whose result it is. */
  reused_from: ColumnType<string | null, string | null | undefined, string | null>;
}
export interface RunEventTable {
  workspace_id: string;
  run_id: string;
  seq: Int8;
  at: Date;
  type: RunEvent['type'];
  step_id: string | null;
  data: JSONColumnType<Record<string, unknown>>;
}
export interface StepLogTable {
  workspace_id: string;
  run_id: string;
  seq: Int8;
  step_id: string | null;
  attempt: number;
  at: Date;
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
}
export interface LeaseTable {
  job_id: string;
  queue: string;
  job_attempt: number;
  worker_id: string;
  workspace_id: string;
  run_id: string;
  unit: string;
  attempt: number;
  priority: number;
  queued_at: Date;
  claimed_at: Generated<Date>;
}
export interface ObjectTable {
  workspace_id: string;
  sha256: string;
  size: Int8;
  created_at: Generated<Date>;
}
export interface ArtifactTable {
  workspace_id: string;
  id: string;
  run_id: string;
  step_id: string;
  name: string;
  media_type: string;
  size: Int8;
  sha256: string;
  md5: string;
  metadata: JSONColumnType<Record<string, unknown>>;
  created_at: Generated<Date>;
}
export interface DeliveryTable {
  workspace_id: string;
  id: string;
  run_id: string;
  step_id: string;
  file_name: string;
  sha256: string;
  size: Int8;
  connection: string;
  destination: string;
  attempt: number;
  state: 'delivered' | 'failed';
  at: Date;
  ms: number;
  receipt: NullableJson<Record<string, unknown>>;
  error: string | null;
}
export interface StoredFileTable {
  workspace_id: string;
  id: string;
  slug: string;
  name: string;
  media_type: string;
  size: Int8;
  sha256: string;
  md5: string;
  created_by: string;
  created_at: Generated<Date>;
  archived_at: Date | null;
}
export interface ConnectionTable {
  workspace_id: string;
  id: string;
  slug: string;
  title: string;
  type: string;
  folder: string | null;
  config: JSONColumnType<Record<string, unknown>>;
  credential_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}
export interface VaultCanaryTable {
  key_id: string;
  sealed: Buffer;
  created_at: Generated<Date>;
}

export interface IdentityUserTable {
  id: string;
  name: string;
  email: string;
  email_verified: Defaulted<boolean>;
  image: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  kind: Defaulted<'person' | 'local' | 'service'>;
}
export interface IdentitySessionTable {
  id: string;
  user_id: string;
  token: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  last_seen_at: Date | null;
  kind: Defaulted<'web' | 'api'>;
  workspace_id: ColumnType<string | null, string | null | undefined, string | null>;
  sso_provider_id: ColumnType<string | null, string | null | undefined, string | null>;
  sso_factor: Defaulted<boolean>;
  sealed_id_token: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
}
export interface UsedRefreshTokenTable {
  token_hash: string;
  session_id: string;
  used_at: Generated<Date>;
}
export interface MembershipTable {
  workspace_id: string;
  user_id: string;
  role: Role;
  created_at: Generated<Date>;
  suspended_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  sso_provider_id: ColumnType<string | null, string | null | undefined, string | null>;
}
export interface OneTimeLinkTable {
  workspace_id: string;
  id: string;
  purpose: 'first-administrator' | 'invitation' | 'registration';
  token_hash: string;
  email: string | null;
  role: Role;
  created_by: string;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  mailed: Defaulted<boolean>;
}
export interface SignInAttemptTable {
  key: string;
  failures: number;
  blocked_until: Date | null;
  touched_at: Generated<Date>;
}

export interface Database
  extends AuditTables,
    WaitingTables,
    OperationTables,
    ScheduleTables,
    TargetTables,
    CalendarTables,
    TriggerTables,
    NotifyTables,
    ColorTables,
    ColorSessionTables,
    ColorSearchTables {
  workspace: WorkspaceTable;
  workspace_slug: WorkspaceSlugTable;
  flow: FlowTable;
  flow_version: FlowVersionTable;
  flow_draft: FlowDraftTable;
  backup: BackupTable;
  run: RunTable;
  step_run: StepRunTable;
  run_event: RunEventTable;
  step_log: StepLogTable;
  log_chunk: LogChunkTable;
  log_due: LogDueTable;
  worker: WorkerTable;
  engine_control: EngineControlTable;
  lease: LeaseTable;
  approval: ApprovalTable;
  approval_asked: ApprovalAskedTable;
  approval_vote: ApprovalVoteTable;
  notification_event: NotificationEventTable;
  object: ObjectTable;
  artifact: ArtifactTable;
  delivery: DeliveryTable;
  stored_file: StoredFileTable;
  credential: CredentialTable;
  credential_previous: CredentialPreviousTable;
  credential_use: CredentialUseTable;
  credential_reminder: CredentialReminderTable;
  vault_root_key: VaultRootKeyTable;
  vault_rewrap: VaultRewrapTable;
  connection: ConnectionTable;
  vault_canary: VaultCanaryTable;
  'identity.role': RoleTable;
  'identity.access_grant': AccessGrantTable;
  'identity.delegation': DelegationTable;
  'identity.separation': SeparationTable;
  'identity.totp': TotpTable;
  'identity.recovery_code': RecoveryCodeTable;
  'identity.passkey': PasskeyTable;
  'identity.passkey_challenge': PasskeyChallengeTable;
  'identity.pending_sign_in': PendingSignInTable;
  'identity.email_factor': EmailFactorTable;
  'identity.second_factor': SecondFactorView;
  'identity.sign_in_rules': SignInRulesTable;
  'identity.password_history': PasswordHistoryTable;
  'identity.account_link': AccountLinkTable;
  security_settings: SecuritySettingsTable;
  mail_server: MailServerTable;
  mail_outbox: MailOutboxTable;
  'identity.user': IdentityUserTable;
  'identity.session': IdentitySessionTable;
  'identity.used_refresh_token': UsedRefreshTokenTable;
  'identity.membership': MembershipTable;
  'identity.one_time_link': OneTimeLinkTable;
  'identity.api_token': ApiTokenTable;
  'identity.service_account': ServiceAccountTable;
  'identity.sign_in_attempt': SignInAttemptTable;
  'identity.sso_provider': SsoProviderTable;
  'identity.sso_transaction': SsoTransactionTable;
  'identity.sso_step': SsoStepTable;
  'identity.terminal_sign_in': TerminalSignInTable;
  'identity.external_identity': ExternalIdentityTable;
}
