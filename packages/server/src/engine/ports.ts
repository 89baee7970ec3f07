// What the engine needs from layers above and beside it; app/ hands in the implementations.
import type { FileRef } from '@tidewheel/contract/values';
import type { BackupDesk } from '@tidewheel/kit/backup-desk';
import type { ColorDesk } from '@tidewheel/kit/color-desk';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { OpenTarget, TargetFacts, TargetSelection } from '@tidewheel/kit/define-transport';
import type { OpenConnection, StepContext } from '@tidewheel/kit/step-context';
import type { StepMail } from '@tidewheel/kit/step-mail';

/** Implemented by features/connections over the vault. */
export interface ConnectionPort {
  /** Opens a connection with its secret for one attempt; `release` makes the redactor forget it. @throws NotFound naming the slug and the closest one */
  open(workspaceId: string, slug: string, by?: { runId?: string | null }): Promise<OpenConnection & { release(): void }>;
  /** Those that are in use, for validation of a document and of who may use them. */
  list(workspaceId: string): Promise<{ slug: string; type: string; folder: string | null }[]>;
}

/** Implemented by features/targets over the vault. */
export interface TargetPort {
  /** Opens a host by name or id with its credential for one attempt; `release` makes the redactor forget it. @throws NotFound, Conflict while it is in maintenance */
  open(workspaceId: string, name: string, by?: { runId?: string | null }): Promise<OpenTarget & { release(): void }>;
  find(workspaceId: string, selection: TargetSelection): Promise<TargetFacts[]>;
  /** Those that are in use, for validation of a document and of who may use them. */
  list(workspaceId: string): Promise<KnownTarget[]>;
  /** Of these hosts, by name or id, those that are in maintenance now: for whoever asks before it starts something. */
  inMaintenance(workspaceId: string, names: readonly string[]): Promise<{ name: string; until: Date | null; reason: string }[]>;
}

export interface KnownTarget {
  id: string;
  name: string;
  os: 'linux' | 'windows';
  transport: string;
  category: string | null;
}

/** Implemented by features/files. */
export interface UploadedFilePort {
  /** @throws NotFound */
  find(workspaceId: string, slug: string): Promise<FileRef>;
  /** Those that exist, for validation of a document and of who may use them. */
  list(workspaceId: string): Promise<{ slug: string; uploadedBy: string }[]>;
}

/** Implemented by features/colors. */
export interface ColorPort {
  /** The desk of the workspace as one attempt of a step sees it. Opens nothing. */
  desk(attempt: Omit<StepContext, 'colors' | 'mail' | 'backups'>): ColorDesk;
}

/** Implemented by features/backups. */
export interface BackupPort {
  /** The backups of the workspace as one attempt of a step sees them. Opens nothing. */
  desk(attempt: Pick<StepContext, 'run' | 'step' | 'startedBy' | 'signal'>): BackupDesk;
}

/** Implemented by platform/mail. */
export interface MailPort {
  /** The mail of one attempt of a step. Opens nothing. */
  of(attempt: Pick<StepContext, 'run' | 'step'>): StepMail;
}

/** The step types of this installation, by type. */
export type StepTypes = ReadonlyMap<string, AnyStepType>;
