// What is known of a job while it is compiled and run: one Relation per table, one NodeState per node.

import path from 'node:path';
import type { InvalidInput } from '@tidewheel/contract/errors';
import type { RelationNode } from '@tidewheel/contract/relation';
import type { CheckOutcome, Column, Preview } from '@tidewheel/contract/values';
import type { BindScope } from '../expressions/bind-text.ts';
import type { Session } from '../process/session.ts';
import { ident, text } from '../sql-text.ts';
import type { TableJob, TableJobNode, WrittenTable } from '../table-engine.ts';

/** A table inside the job. */
export interface Relation {
  /** What stands behind FROM: a quoted name. */
  from: string;
  columns: Column[];
  /** Whether its rows have an order of their own that two runs share. */
  ordered: boolean;
  /** Undefined until somebody counts it. */
  rows: number | undefined;
  /** Until then, at most about this many. */
  estimate?: number | undefined;
  /** Columns of which no two rows share the values. */
  unique?: string[] | undefined;
  /** Reading it again costs no more than its own rows: a temp table or a file. */
  stored: boolean;
  /** It is a Parquet file, which has to be decoded each time. */
  file?: boolean;
  /** Of a Parquet file that is read as it lies. */
  path?: string;
  /** The node it came out of. */
  node?: string;
}

export interface NodeState {
  id: string;
  op: RelationNode['op'];
  inputs: Relation[];
  out: Relation;
  rejected: number;
  /** A temp table with the rejected rows, when there are any. */
  rejectedFrom?: string;
  /** Columns whose expressions must have been evaluated on every row before the job may say that none failed. */
  unproven: string[];
  file?: { path: string; rows: number };
  kept?: WrittenTable;
  checks?: CheckOutcome[];
  /** Why nothing after it may run: a check with severity `stop` failed. Its `out` is then of no use. */
  stopped?: InvalidInput;
  /** Filled for reads: rows found in the source, rejected ones included. */
  rowsRead?: number;
}

export interface JobState {
  session: Session;
  job: TableJob;
  scope: BindScope;
  /** Every step stored and every expression tried row by row: the second attempt, after a row failed in the first. */
  careful: boolean;
  nodes: Map<string, NodeState>;
  readers: Map<string, TableJobNode[]>;
  /** By what stands behind FROM. */
  /** Tables sorted once for several files, by their source and order. */
  sorted: Map<string, string>;
  previews: Map<string, Preview>;
  /** What the process may use. */
  memoryBytes: number;
  fileTables: number;
  log(text: string): void;
}

export function namesOf(relation: { columns: Column[] }): string[] {
  return relation.columns.map((column) => column.name);
}
export function columnList(columns: { name: string }[], prefix = ''): string {
  return columns.map((column) => `${prefix}${ident(column.name)}`).join(', ');
}

/** A name for a table of the job; `part` sets the tables of one node apart. No step id holds `~` or `^`; names in DuckDB know no upper case, step ids do. */
export function tableName(id: string, part = ''): string {
  return ident(`~${id.replaceAll(/[A-Z]/g, (letter) => `^${letter}`)}${part}`);
}

/** Makes `query` the table of a node: stored, or computed anew by each reader. `of`: what it is computed from, for an estimate of its size. */
export async function define(
  state: JobState,
  query: string,
  as: { id: string; part?: string; store: boolean; ordered: boolean; of?: Relation[]; unique?: string[] | undefined },
): Promise<Relation> {
  const from = tableName(as.id, as.part);
  const sizes = (as.of ?? []).flatMap((input) => input.rows ?? input.estimate ?? []);
  const shape = { from, ordered: as.ordered, unique: as.unique, node: as.id, estimate: sizes.length > 0 ? Math.max(...sizes) : undefined };
  if (!as.store) {
    await state.session.run(`CREATE TEMP VIEW ${from} AS ${query}`);
    return { ...shape, columns: await state.session.describe(`SELECT * FROM ${from}`), rows: undefined, stored: false };
  }
  const large = await isLarge(state, query, shape.estimate ?? 0);
  const rows = large ? await createFileTable(state, from, query) : await createTable(state, from, query);
  return { ...shape, columns: await state.session.describe(`SELECT * FROM ${from}`), rows, stored: true, file: large };
}

// Tables in memory that outgrow it are spilled uncompressed and block the operators that need the memory: large ones go to a file of their own at once.
async function isLarge(state: JobState, query: string, rows: number): Promise<boolean> {
  const limit = state.memoryBytes / 4;
  if (rows * 100 < limit) return false;
  const columns = await state.session.describe(query);
  if (!fitsFile(columns)) return false;
  const width = columns.reduce((sum, { type }) => sum + (type === 'VARCHAR' ? 24 : 8), 0);
  return rows * width > limit;
}

/** Types that come back from Parquet as they went in. */
const fileTypes =
  /^(BOOLEAN|U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|FLOAT|DOUBLE|VARCHAR|BLOB|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE|UUID|DECIMAL\(\d+,\d+\))$/;

export function fitsFile(columns: Column[]): boolean {
  return columns.every(({ type }) => fileTypes.test(type));
}

export async function createFileTable(state: JobState, from: string, query: string): Promise<number> {
  const file = path.join(state.job.folder, '.spill', `table-${++state.fileTables}.parquet`);
  const [row] = await state.session.rows(`COPY (${query}) TO ${text(file)} (FORMAT parquet, COMPRESSION lz4)`);
  await state.session.run(`CREATE TEMP VIEW ${from} AS SELECT * FROM read_parquet(${text(file)})`);
  return Number(row?.Count ?? 0);
}

/** @returns the number of rows */
export async function createTable(state: JobState, from: string, query: string): Promise<number> {
  const [row] = await state.session.rows(`CREATE TEMP TABLE ${from} AS ${query}`);
  return Number(row?.Count ?? 0);
}

/** Whether a node's table is worth keeping while the job runs: several read it and making it again costs more than reading, or rows are being tried one by one. */
export function worthStoring(state: JobState, id: string, input?: Relation): boolean {
  return state.careful || (state.readers.get(id)?.length ?? 0) > (input?.stored && !input.file ? 2 : 1);
}
