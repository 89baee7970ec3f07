// The relational tree: what a table step means, free of any SQL dialect. The table engine compiles a stretch of it. DESIGN 5.
import type { ColorCondition, ColorRuleSet, RowColor } from './color-rule.ts';
import type { Column } from './values.ts';

/** What happens to a row on which a cast or an expression fails. */
export type OnRowError = 'reject' | 'fail';

export type FileFormat = 'csv' | 'json' | 'parquet';

export interface CsvOptions {
  delimiter?: string | undefined;
  header?: boolean | undefined;
  quote?: string | undefined;
  /** IANA name; utf-8, utf-16 and latin-1 are read as they are, others are converted first. */
  encoding?: string | undefined;
  /** Declared types by column; the other columns are detected. */
  types?: Record<string, string> | undefined;
  nullText?: string | undefined;
  /** Writing only; LF unless told. */
  newline?: 'lf' | 'crlf' | undefined;
}

export interface JsonOptions {
  /** Writing only: one object per line instead of one array. */
  lines?: boolean | undefined;
}

/** A row expression: SQL over the columns of the input, `:name` for a parameter. Checked before it runs. */
export type RowExpression = string;

export type SortKey = { column: string; direction: 'asc' | 'desc'; nulls?: 'first' | 'last' | undefined };

export const aggregateFunctions = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max', 'median', 'first', 'last'] as const;
export type AggregateFunction = (typeof aggregateFunctions)[number];
export interface Aggregate {
  as: string;
  function: AggregateFunction;
  /** Omitted for count of rows. */
  of?: RowExpression | undefined;
  where?: RowExpression | undefined;
}

/** One rule on rows (`expect` must be true for a row to pass) or on the whole table (`query` returns the offending rows; user SQL over `input`). */
export interface Check {
  name: string;
  severity: 'stop' | 'quarantine' | 'warn';
  message?: string | undefined;
  expect?: RowExpression | undefined;
  query?: string | undefined;
}

/** A node's class decides the row invariant it must keep: see RowCounts. */
export type NodeClass = 'source' | 'keeping' | 'dropping' | 'shaping' | 'writing';

/**
 * A node of the tree. `input`, `left` … are names of the step's inputs (`input` when `from` is one step), not nodes: the
 * engine binds them, to another node of the same stretch or to a stored table.
 */
export type RelationNode =
  | { op: 'read'; format: FileFormat; csv?: CsvOptions | undefined; onRowError: OnRowError }
  | { op: 'filter'; where: RowExpression; onRowError: OnRowError }
  | { op: 'derive'; columns: Record<string, RowExpression>; onRowError: OnRowError }
  | { op: 'select'; columns: { column: string; as?: string | undefined; type?: string | undefined }[]; onRowError: OnRowError }
  | {
      op: 'join';
      how: 'inner' | 'left' | 'full' | 'anti' | 'semi';
      on: { left: string; right: string }[];
      columns?: { side: 'left' | 'right'; column: string; as?: string | undefined }[] | undefined;
    }
  | { op: 'aggregate'; by: (string | { as: string; expression: RowExpression })[]; aggregates: Aggregate[] }
  | { op: 'sort'; keys: SortKey[]; limit?: number | undefined }
  | { op: 'limit'; rows: number }
  | { op: 'dedupe'; by: string[]; keep: SortKey[] }
  | { op: 'union'; distinct: boolean; byName: boolean }
  | { op: 'sql'; sql: string }
  | { op: 'checks'; checks: Check[] }
  /** Ranks rows that have the columns of a color: keeps all and adds those of ColorPlace. Rules in the order in which they are asked. `today`: the job's own unless told. */
  | {
      op: 'colors';
      exclusions: { id: string; when: ColorCondition }[];
      colorings: { id: string; when: ColorCondition; color: RowColor }[];
      order: ColorRuleSet['order'];
      today?: string | undefined;
      /** Excluding every row is no fault. */
      allowsAll?: boolean | undefined;
      /** The rows have their places already: they are left as they are, in the order of these. */
      arranged?: boolean | undefined;
    }
  /** Rows are written in the order of `orderBy` (ties broken by the other columns), else in their own, else by all columns; `ordered: false` takes them as they come. */
  | {
      op: 'write';
      format: FileFormat;
      name: string;
      csv?: CsvOptions | undefined;
      json?: JsonOptions | undefined;
      orderBy?: SortKey[] | undefined;
      ordered?: boolean | undefined;
    };

export const nodeClasses: Record<RelationNode['op'], NodeClass> = {
  read: 'source',
  filter: 'dropping',
  derive: 'keeping',
  select: 'keeping',
  join: 'shaping',
  aggregate: 'shaping',
  sort: 'keeping',
  limit: 'dropping',
  dedupe: 'dropping',
  union: 'shaping',
  sql: 'shaping',
  checks: 'dropping',
  colors: 'keeping',
  write: 'writing',
};

/** Where an input of a stretch comes from when it is not another node of the stretch: a local Parquet or source file. */
export interface StoredInput {
  path: string;
  format: FileFormat;
  columns?: Column[] | undefined;
  /** Parquet only: files whose rows come after, put together by the names of their columns. */
  further?: string[] | undefined;
}
