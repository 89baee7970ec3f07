// One session with a Microsoft SQL Server: a text is one batch, values are parameters of it, rows are streamed with back-pressure; an attention signal stops it when time is up.
import { Readable } from 'node:stream';
import { InvalidInput } from '@tidewheel/contract/errors';
import { connectAllowed } from '@tidewheel/kit/egress/egress';
import type { CopiedRows, CopyOptions, SqlOutcome, SqlSession, SqlStatement } from '@tidewheel/kit/sql-session';
import { Connection, type ConnectionConfiguration, Request, TYPES } from 'tedious';
import type { PooledSession } from '../connectors/session-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { csvChunks, writeCsv } from './csv-file.ts';
import { type DatabaseConfig, placeToReach } from './database-settings.ts';
import { withinTime } from './query-limit.ts';
import { csvLine, distinctNames, flatValue } from './sql-values.ts';
import { connectFailure, queryFailure } from './sqlserver-errors.ts';
import { type ColumnMetadata, cellText, columnType, plainCell } from './sqlserver-types.ts';
import { namesIn, placed, readStatements, type SqlDialect } from './statement-text.ts';

const sqlserverDialect: SqlDialect = { backslashEscapes: false, dollarQuotes: false, brackets: true, hashComments: false, nestedComments: true };

export type SqlserverSettings = Omit<DatabaseConfig, 'tls'> & { tls: 'verify-full' | 'require' | 'off' };

interface Running {
  request: Request;
  /** Of the first set of rows; none when the batch gives none. */
  columns: Promise<ColumnMetadata[]>;
  /** @returns how many rows were changed or given */
  ended: Promise<number>;
}

export class SqlserverSession implements SqlSession, PooledSession {
  readonly #connection: Connection;
  readonly #settings: SqlserverSettings;
  #isOpen = true;
  #isInTransaction = false;

  private constructor(connection: Connection, settings: SqlserverSettings) {
    this.#connection = connection;
    this.#settings = settings;
    connection.on('error', () => this.close());
    connection.on('end', () => (this.#isOpen = false));
  }

  /** @throws InvalidInput for TLS and a refused sign-in, Unreachable, TimedOut, NotAllowed where it may not be reached */
  static async open(settings: SqlserverSettings, password: string, signal: AbortSignal): Promise<SqlserverSession> {
    const connection = new Connection(configurationOf(settings, { password, signal }));
    const session = new SqlserverSession(connection, settings);
    const leave = () => session.close();
    signal.addEventListener('abort', leave, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        connection.connect((error) => (error ? reject(error) : resolve()));
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      return session;
    } catch (thrown) {
      session.close();
      signal.throwIfAborted();
      throw connectFailure(thrown, { place: placeOf(settings), user: settings.user });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  isOpen(): boolean {
    return this.#isOpen;
  }
  hold(): void {
    // The driver does not give its socket away; idle sessions are closed after a while.
  }
  close(): void {
    this.#isOpen = false;
    this.#connection.close();
  }
  async reset(): Promise<boolean> {
    if (this.#isInTransaction) return false;
    await new Promise<void>((resolve, reject) => this.#connection.reset((error) => (error ? reject(error) : resolve())));
    return true;
  }
  async stop(): Promise<void> {
    this.#connection.cancel();
  }

  split(sql: string): string[] {
    return readStatements(sql, sqlserverDialect).length === 0 ? [] : [sql];
  }

  // There is no read-only transaction; the rights of the user decide.
  async transaction<T>(_options: { readOnly: boolean }, work: () => Promise<T>): Promise<T> {
    await this.#limited(
      this.#settings.queryTimeoutSeconds * 1000,
      new Promise<void>((resolve, reject) => this.#connection.beginTransaction((error) => (error ? reject(error) : resolve()))),
    );
    this.#isInTransaction = true;
    const result = await work();
    await this.#limited(
      this.#settings.queryTimeoutSeconds * 1000,
      new Promise<void>((resolve, reject) => this.#connection.commitTransaction((error) => (error ? reject(error) : resolve()))),
    );
    this.#isInTransaction = false;
    return result;
  }

  async execute(statement: SqlStatement, { keep }: { keep: number }): Promise<SqlOutcome> {
    const { request, columns, ended } = this.#run(statement);
    const rows: unknown[][] = [];
    let isMore = false;
    request.on('row', (row: { value: unknown }[]) => {
      if (rows.length < keep) rows.push(row.map(({ value }) => value));
      else isMore = true;
    });
    const rowsAffected = await this.#limited(statement.timeoutMs, ended);
    const found = await columns;
    if (found.length === 0) return { rowsAffected, result: null };
    const plain = rows.map((row) => row.map((value, index) => plainCell(value, found[index] as ColumnMetadata)));
    return { rowsAffected: null, result: { columns: columnsOf(found), rows: plain, truncated: isMore } };
  }

  async copyOut(statement: SqlStatement, options: CopyOptions): Promise<CopiedRows> {
    const { request, columns, ended } = this.#run(statement);
    const rows = new Readable({ objectMode: true, highWaterMark: 1_000, read: () => request.resume() });
    request.on('row', (row: { value: unknown }[]) => {
      if (!rows.push(row.map(({ value }) => value))) request.pause();
    });
    ended.then(
      () => rows.push(null),
      (error: Error) => rows.destroy(error),
    );
    const copy = async (): Promise<CopiedRows> => {
      const found = await columns;
      if (found.length === 0) throw new InvalidInput('sql.no_rows', 'The statement gives no rows.', { hint: 'Use sql.execute for it.' });
      const shape = columnsOf(found);
      const header = csvLine(
        shape.map(({ name }) => name),
        options.nullText,
      );
      let count = 0;
      const line = (row: unknown[]) => {
        count += 1;
        const cells = row.map((value, index) => cellText(value, found[index] as ColumnMetadata));
        return csvLine(cells, options.nullText);
      };
      const bytes = await writeCsv({ ...options, header, rows: csvChunks<unknown[]>(rows, line) });
      return { columns: shape, rows: count, bytes };
    };
    try {
      return await this.#limited(statement.timeoutMs, copy());
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
  }

  #run({ sql, parameters }: SqlStatement): Running {
    const texts = readStatements(sql, sqlserverDialect);
    const whole = { texts: texts.flatMap((text) => text.texts), names: texts.flatMap((text) => text.names) };
    const names = namesIn(whole, parameters);
    const first = Promise.withResolvers<ColumnMetadata[]>();
    first.promise.catch(() => {});
    const done = Promise.withResolvers<number>();
    done.promise.catch(() => {});
    const text = texts.map((statement) => placed(statement, (name) => `@${name}`)).join(';');
    const request = new Request(text, (error, count) => {
      if (error) {
        first.reject(error);
        done.reject(error);
      } else {
        first.resolve([]);
        done.resolve(count ?? 0);
      }
    });
    request.on('columnMetadata', (columns) => first.resolve(columns as ColumnMetadata[]));
    for (const name of names) bind(request, name, parameters[name]);
    if (names.length > 0) this.#connection.execSql(request);
    else this.#connection.execSqlBatch(request);
    return { request, columns: first.promise, ended: done.promise };
  }

  async #limited<T>(ms: number, work: Promise<T>): Promise<T> {
    try {
      return await withinTime({ ms, stop: () => this.stop(), close: () => this.close() }, work);
    } catch (thrown) {
      throw queryFailure(thrown, placeOf(this.#settings));
    }
  }
}

function configurationOf(settings: SqlserverSettings, { password, signal }: { password: string; signal: AbortSignal }): ConnectionConfiguration {
  const { host, port, database, user, tls, ca, timeoutSeconds } = settings;
  const timeoutMs = timeoutSeconds * 1000;
  return {
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      ...{ port, database, appName: 'tidewheel', connectTimeout: timeoutMs, requestTimeout: 0, useUTC: true, maxRetriesOnTransientErrors: 0 },
      connector: () => connectAllowed(placeToReach({ host, port }), { signal, timeoutMs }),
      encrypt: tls !== 'off',
      trustServerCertificate: tls === 'require',
      cryptoCredentialsDetails: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    },
  };
}

function bind(request: Request, name: string, given: unknown): void {
  const value = flatValue(name, given);
  if (typeof value === 'boolean') request.addParameter(name, TYPES.Bit, value);
  else if (typeof value !== 'number') request.addParameter(name, TYPES.NVarChar, value);
  else if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) request.addParameter(name, TYPES.Int, value);
  else if (Number.isSafeInteger(value)) request.addParameter(name, TYPES.BigInt, String(value));
  else request.addParameter(name, TYPES.Float, value);
}

function columnsOf(columns: readonly ColumnMetadata[]): { name: string; type: string }[] {
  const names = distinctNames(columns.map(({ colName }) => colName));
  return columns.map((column, index) => ({ name: names[index] as string, type: columnType(column) }));
}
