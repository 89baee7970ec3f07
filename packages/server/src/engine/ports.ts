// What the engine needs from layers above and beside it; app/ hands in the implementations.
import type { FileRef } from '@tidewheel/contract/values';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { OpenConnection } from '@tidewheel/kit/step-context';

/** Implemented by features/connections over the vault. */
export interface ConnectionPort {
  /** Opens a connection with its secret for one attempt; `release` makes the redactor forget it. @throws NotFound naming the slug and the closest one */
  open(workspaceId: string, slug: string): Promise<OpenConnection & { release(): void }>;
  /** The slugs and types that exist, for validation of a document. */
  list(workspaceId: string): Promise<{ slug: string; type: string }[]>;
}

/** Implemented by features/files. */
export interface UploadedFilePort {
  /** @throws NotFound */
  find(workspaceId: string, slug: string): Promise<FileRef>;
  /** The slugs that exist, for validation of a document. */
  list(workspaceId: string): Promise<string[]>;
}

/** The step types of this installation, by type. */
export type StepTypes = ReadonlyMap<string, AnyStepType>;
