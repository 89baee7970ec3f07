// The tables of approvals. Part of schema.ts.
import type { ApprovalOutcome, Decision, FormField } from '@tidewheel/contract/approval';
import type { ColumnType, Generated } from 'kysely';

/** A value that only the database writes: by what follows a wait. */
type Read<T> = ColumnType<T, never, never>;

export interface ApprovalTable {
  workspace_id: Read<string>;
  id: Read<string>;
  run_id: Read<string>;
  step_id: Read<string>;
  title: Read<string>;
  description: Read<string>;
  approvers: Read<string[]>;
  quorum: Read<number>;
  reject_ends: Read<boolean>;
  form: Read<FormField[]>;
  subject: Read<Record<string, unknown>>;
  subject_hash: Read<string>;
  requesters: Read<string[]>;
  opened_at: Read<Date>;
  until_at: Read<Date | null>;
  ended_at: Read<Date | null>;
  outcome: Read<ApprovalOutcome | null>;
  told_at: ColumnType<Date | null, never, Date>;
}

export interface ApprovalAskedTable {
  workspace_id: Read<string>;
  approver: Read<string>;
  approval_id: Read<string>;
}

export interface ApprovalVoteTable {
  workspace_id: string;
  id: string;
  approval_id: string;
  user_id: string;
  user_label: string;
  on_behalf_of: string | null;
  on_behalf_label: string | null;
  represents: Read<string>;
  decision: Decision;
  comment: string;
  form: ColumnType<Record<string, unknown>, string, never>;
  subject_hash: string;
  at: Generated<Date>;
}
