// One DuckDB instance for one job: in memory, spilling into the job's folder, locked down before anything of a user reaches it.
import { type DuckDBConnection, DuckDBInstance, type DuckDBType } from '@duckdb/node-api';
import type { Column } from '@tidewheel/contract/values';
import { text } from '../sql-text.ts';
import { exactSumMacros } from './exact-sum.ts';
import { identifierMacros } from './identifier-macros.ts';
import { plainValue } from './plain-value.ts';

export interface SessionLimits {
  memoryLimit: string;
  threads: number;
  /** The most that may be spilled to disk, e.g. 20GB. */
  spillLimit: string;
}

export interface Batches extends AsyncIterable<unknown[][]> {
  columns: Column[];
}

export interface Session {
  /** @returns the number of rows changed or copied */
  run(sql: string): Promise<number>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  table(sql: string): Promise<{ columns: Column[]; rows: unknown[][] }>;
  /** Batches of a query's rows as they are computed. */
  stream(sql: string): Promise<Batches>;
  /** How much of the statement that runs is done, 0 to 100; null while that is not known, or it only has to end. */
  percent(): number | null;
  /** Names and types of a query's columns, without running it. */
  describe(sql: string): Promise<Column[]>;
  close(): void;
}

/** It counts for statements that take long, and prints nothing. */
const watched = 'SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 1000';

export interface OpenDatabase {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
}

/** The slow half of a start, done before a job arrives: no extension is ever loaded from disk or network. */
export async function openDatabase(limits: SessionLimits): Promise<OpenDatabase> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    threads: String(limits.threads),
    memory_limit: limits.memoryLimit,
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  // A job reads the footer of its Parquet file once, not once per statement.
  await connection.run(`SET TimeZone = 'UTC'; SET parquet_metadata_cache = true; ${watched}; ${identifierMacros}; ${exactSumMacros}`);
  return { instance, connection };
}

/** What a job may touch and take; without its own limits those of the database. */
export interface JobBounds {
  files: string[];
  folder: string | undefined;
  spillLimit: string;
  memoryLimit?: string | undefined;
  threads?: number | undefined;
}

/** The fast half: binds the database to a job's files and folder, then locks the configuration. */
export async function lockSession({ instance, connection }: OpenDatabase, { files, folder, spillLimit, memoryLimit, threads }: JobBounds): Promise<Session> {
  const paths = files.map(text).join(', ');
  const folders = folder === undefined ? '' : text(`${folder}/`);
  // The limit belongs to the folder: setting the folder sets it back.
  const settings = [
    ...(memoryLimit === undefined ? [] : [`SET memory_limit = ${text(memoryLimit)}`]),
    ...(threads === undefined ? [] : [`SET threads = ${threads}`]),
    ...(folder === undefined ? [] : [`SET temp_directory = ${text(`${folder}/.spill`)}`, `SET max_temp_directory_size = ${text(spillLimit)}`]),
    `SET allowed_paths = [${paths}]`,
    `SET allowed_directories = [${folders}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
  await connection.run(settings.join('; '));
  return sessionOf(instance, connection);
}

function sessionOf(instance: DuckDBInstance, connection: DuckDBConnection): Session {
  const table = async (sql: string) => {
    const reader = await connection.runAndReadAll(sql);
    const columns = columnsOf(reader.columnNames(), reader.columnTypes());
    return { columns, rows: plainRows(reader.getRowsJson() as unknown[][], columns) };
  };
  return {
    table,
    async run(sql) {
      return (await connection.run(sql)).rowsChanged;
    },
    async rows(sql) {
      const { columns, rows } = await table(sql);
      return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i]])));
    },
    async stream(sql) {
      const result = await connection.stream(sql);
      const columns = columnsOf(result.columnNames(), result.columnTypes());
      async function* batches(): AsyncGenerator<unknown[][]> {
        for await (const rows of result.yieldRowsJson()) yield plainRows(rows as unknown[][], columns);
      }
      return { columns, [Symbol.asyncIterator]: batches };
    },
    percent() {
      const { percentage } = connection.progress;
      return percentage < 0 || percentage > 99.5 ? null : percentage;
    },
    async describe(sql) {
      const statement = await connection.prepare(sql);
      try {
        return Array.from({ length: statement.columnCount }, (_, i) => ({ name: statement.columnName(i), type: statement.columnType(i).toString() }));
      } finally {
        statement.destroySync();
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function columnsOf(names: readonly string[], types: readonly DuckDBType[]): Column[] {
  return names.map((name, i) => ({ name, type: types[i]?.toString() ?? 'VARCHAR' }));
}

function plainRows(rows: unknown[][], columns: Column[]): unknown[][] {
  const converters = columns.map((column) => plainValue(column.type));
  for (const row of rows) for (const [i, convert] of converters.entries()) if (convert && row[i] !== null) row[i] = convert(row[i]);
  return rows;
}
