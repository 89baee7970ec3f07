// The tables of who works and whether work is taken. Part of schema.ts.
import type { ColumnType, Generated } from 'kysely';

export interface WorkerTable {
  id: string;
  host: string;
  pid: number;
  tags: string[];
  started_at: Generated<Date>;
  beat_at: Generated<Date>;
  dead_at: Date | null;
  /** The last batch this worker committed: tells after a lost connection whether the commit got through. */
  flush_seq: ColumnType<number, number | undefined, number>;
  version: ColumnType<string, string | undefined, string>;
  concurrency: ColumnType<number, number | undefined, number>;
  /** Steps per minute, by tag. */
  rates: ColumnType<Record<string, number>, string | undefined, string>;
  drain_at: Date | null;
  drain_by: string | null;
}

export interface EngineControlTable {
  singleton: Generated<boolean>;
  paused_at: Date | null;
  paused_by: string | null;
  pause_reason: string | null;
}
