// The tables of long logs (storage/logs). Part of schema.ts.
import type { ColumnType } from 'kysely';

export interface LogChunkTable {
  workspace_id: string;
  run_id: string;
  first_seq: number;
  last_seq: number;
  lines: number;
  bytes: number;
  sha256: string;
  top_level: 'debug' | 'info' | 'warn' | 'error';
  steps: string[] | null;
}

export interface LogDueTable {
  workspace_id: string;
  run_id: string;
  packed_seq: ColumnType<number, number | undefined, number>;
}
