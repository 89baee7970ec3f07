// What parent and table process say to one another, as JSON over the IPC channel.
import type { ErrorDetails } from '@tidewheel/contract/errors';
import type { StepPercent, TableJob } from '../table-engine.ts';
import type { ShownLimits } from './shown-rows.ts';

export interface ExpressionToCheck {
  path: string;
  text: string;
  kind: 'row' | 'sql';
  parameters: string[];
}

export type Work =
  | { kind: 'job'; job: TableJob }
  | { kind: 'check'; expressions: ExpressionToCheck[] }
  | { kind: 'page'; file: string; offset: number; limit: number; shown?: ShownLimits | undefined }
  /** Opens a stream of rows; each further `next` with the same id asks for one batch. */
  | { kind: 'rows'; file: string; columns: string[] | undefined; batch: number };

export type Request = { id: number; work: Work } | { id: number; next: true } | { id: number; stop: true };

export interface SentError {
  status: number;
  code: string;
  message: string;
  hint?: string | undefined;
  details?: ErrorDetails | undefined;
}

export type Reply =
  | { ready: true }
  | { id: number; ok: unknown }
  | { id: number; error: SentError }
  | { id: number; log: string }
  | { id: number; at: string }
  | { id: number; progress: StepPercent };

export interface ProcessSettings {
  memoryLimit: string;
  threads: number;
  spillLimit: string;
  /** Where the process lives. */
  folder: string;
}
