// What every database looks like to steps and triggers, whatever driver is behind it.
import type { Column } from '@tidewheel/contract/values';

export interface SqlStatement {
  /** As its author wrote it: `:name` stands for a value, outside of texts, comments and quoted names. */
  sql: string;
  /** By name; each is bound by the driver and never becomes part of the text. Dates and instants as ISO text. */
  parameters: Readonly<Record<string, unknown>>;
  /** Of the statement. Past it the server is told to stop. */
  timeoutMs: number;
}

/** Rows in memory: numbers that JSON cannot hold exactly (BIGINT, DECIMAL) and everything of time as text. */
export interface SqlRows {
  columns: Column[];
  rows: unknown[][];
  /** There were more than was asked for. */
  truncated: boolean;
}

export interface SqlOutcome {
  /** What the server says was changed; null where it says nothing. */
  rowsAffected: number | null;
  /** Of a statement that gives rows. */
  result: SqlRows | null;
}

export interface CopiedRows {
  columns: Column[];
  rows: number;
  bytes: number;
}

/** A session of one user at a time. Statements run one after the other. */
export interface SqlSession {
  /** Ends by itself with an error of the work: what is not committed is rolled back. */
  transaction<T>(options: { readOnly: boolean }, work: () => Promise<T>): Promise<T>;
  /** The statements of a text, each to be run alone: split at `;`, or the whole where the database takes a batch. */
  split(sql: string): string[];
  /** Runs one statement; of its rows at most `keep` are kept. @throws InvalidInput for what the database refuses, TimedOut, Unreachable, the signal's reason */
  execute(statement: SqlStatement, options: { keep: number }): Promise<SqlOutcome>;
  /** Where the database takes an array of values in one call: the statement once for each row. @returns how many rows were changed. @throws as `execute` */
  executeMany?(rows: SqlRowsToWrite): Promise<number>;
  /**
   * Writes the rows of one query to a new CSV file: a header, values quoted, NULL as `nullText`; never more than a little of it in memory.
   * @throws as `execute`, and TooLarge past `maxBytes`
   */
  copyOut(statement: SqlStatement, options: CopyOptions): Promise<CopiedRows>;
}

/** One statement for many rows, each with the same names. */
export interface SqlRowsToWrite {
  sql: string;
  rows: readonly Readonly<Record<string, unknown>>[];
  timeoutMs: number;
}

export interface CopyOptions {
  file: string;
  nullText: string;
  maxBytes: number;
  onBytes(bytes: number): void;
}
