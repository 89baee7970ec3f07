// One session with a MySQL or MariaDB server: statements prepared by the server, rows streamed with back-pressure, stopped by KILL QUERY when time is up.
import type { Socket } from 'node:net';
import { connectAllowed } from '@tidewheel/kit/egress/egress';
import type { CopiedRows, CopyOptions, SqlOutcome, SqlSession, SqlStatement } from '@tidewheel/kit/sql-session';
import driver from 'mysql2';
import type { PooledSession } from '../connectors/session-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { csvChunks, writeCsv } from './csv-file.ts';
import { type DatabaseConfig, placeToReach } from './database-settings.ts';
import { connectFailure, queryFailure } from './mysql-errors.ts';
import { cellText, columnType, plainCell } from './mysql-types.ts';
import { withinTime } from './query-limit.ts';
import { csvLine, distinctNames, flatValue } from './sql-values.ts';
import { namesIn, placed, readOne, readStatements, type SqlDialect, type StatementText, written } from './statement-text.ts';

const mysqlDialect: SqlDialect = { backslashEscapes: true, dollarQuotes: false, brackets: false, hashComments: true, nestedComments: false };

/** What the driver does to a statement; its types know promises and callbacks only. */
interface Command extends NodeJS.EventEmitter {
  stream(options: { highWaterMark: number }): AsyncIterable<unknown> & NodeJS.EventEmitter & { destroy(): void };
}
interface Asked {
  statement: StatementText;
  parameters: Readonly<Record<string, unknown>>;
  ms: number;
}

export class MysqlSession implements SqlSession, PooledSession {
  /** As the server names itself. */
  version = '';
  readonly #connection: driver.Connection;
  readonly #socket: Socket;
  readonly #settings: DatabaseConfig;
  readonly #password: string;
  #isOpen = true;
  #isInTransaction = false;

  private constructor(connection: driver.Connection, { socket, settings, password }: { socket: Socket; settings: DatabaseConfig; password: string }) {
    this.#connection = connection;
    this.#socket = socket;
    this.#settings = settings;
    this.#password = password;
    connection.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  /** @throws InvalidInput for TLS and a refused sign-in, Unreachable, TimedOut, NotAllowed where it may not be reached */
  static async open(settings: DatabaseConfig, password: string, signal: AbortSignal): Promise<MysqlSession> {
    const timeoutMs = settings.timeoutSeconds * 1000;
    const socket = await connectAllowed(placeToReach(settings), { signal, timeoutMs }).catch((thrown: unknown) => {
      signal.throwIfAborted();
      throw connectFailure(thrown, settings);
    });
    const { host, port, database, user } = settings;
    const connection = driver.createConnection({
      ...{ host, port, database, user, password, connectTimeout: timeoutMs, stream: socket, charset: 'utf8mb4', timezone: 'Z' },
      ...{ dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, jsonStrings: true, rowsAsArray: true, multipleStatements: false },
      ...(settings.tls === 'off' ? {} : { ssl: tlsSettings(settings) }),
    });
    const session = new MysqlSession(connection, { socket, settings, password });
    const leave = () => socket.destroy();
    signal.addEventListener('abort', leave, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        connection.connect((error) => (error ? reject(error) : resolve()));
        socket.once('close', () => reject(Object.assign(new RangeError('the connection was closed'), { code: 'ECONNRESET' })));
      });
      await session.#prepare();
      return session;
    } catch (thrown) {
      session.close();
      signal.throwIfAborted();
      throw connectFailure(thrown, settings);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  isOpen(): boolean {
    return this.#isOpen;
  }
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }
  close(): void {
    this.#isOpen = false;
    this.#connection.destroy();
    this.#socket.destroy();
  }
  async reset(): Promise<boolean> {
    if (this.#isInTransaction) return false;
    const reset = (this.#connection as unknown as { reset(done: (error: Error | null) => void): void }).reset.bind(this.#connection);
    await new Promise<void>((resolve, reject) => reset((error) => (error ? reject(error) : resolve())));
    await this.#prepare();
    return true;
  }

  /** On a connection of its own: this one is busy. The driver's own time limit would leave the query running. */
  async stop(): Promise<void> {
    try {
      const id = Number(this.#connection.threadId);
      const other = await MysqlSession.open({ ...this.#settings, timeoutSeconds: 5 }, this.#password, AbortSignal.timeout(5_000));
      await other.#tell(`kill query ${id}`);
      other.close();
    } catch {
      this.close();
    }
  }

  split(sql: string): string[] {
    return readStatements(sql, mysqlDialect).map(written);
  }

  async transaction<T>({ readOnly }: { readOnly: boolean }, work: () => Promise<T>): Promise<T> {
    await this.#tell(readOnly ? 'start transaction read only' : 'start transaction');
    this.#isInTransaction = true;
    const result = await work();
    await this.#tell('commit');
    this.#isInTransaction = false;
    return result;
  }

  async execute({ sql, parameters, timeoutMs: ms }: SqlStatement, { keep }: { keep: number }): Promise<SqlOutcome> {
    const { command } = this.#command({ statement: readOne(sql, mysqlDialect), parameters, ms });
    const rows: unknown[][] = [];
    let fields: driver.FieldPacket[] | undefined;
    let isMore = false;
    let rowsAffected: number | null = null;
    const done = new Promise<void>((resolve, reject) => {
      command.on('fields', (found: driver.FieldPacket[] | undefined) => (fields ??= found));
      command.on('result', (row: unknown) => {
        if (!Array.isArray(row)) rowsAffected = (row as driver.ResultSetHeader).affectedRows;
        else if (rows.length < keep) rows.push(row);
        else isMore = true;
      });
      command.on('error', reject);
      command.on('end', resolve);
    });
    await this.#limited(ms, done);
    if (!fields) return { rowsAffected, result: null };
    const known = fields;
    const plain = rows.map((row) => row.map((cell, index) => plainCell(cell, known[index])));
    return { rowsAffected: null, result: { columns: columnsOf(known), rows: plain, truncated: isMore } };
  }

  copyOut({ sql, parameters, timeoutMs: ms }: SqlStatement, options: CopyOptions): Promise<CopiedRows> {
    return this.transaction({ readOnly: true }, async () => {
      const { command, firstFields } = this.#command({ statement: readOne(sql, mysqlDialect), parameters, ms });
      const rows = command.stream({ highWaterMark: 1_000 });
      // Whoever reads it hears of it; after he has left nobody would.
      rows.on('error', () => {});
      const counted = { rows: 0 };
      const copy = async () => {
        const fields = await firstFields;
        const columns = columnsOf(fields);
        const header = csvLine(
          columns.map(({ name }) => name),
          options.nullText,
        );
        const line = (row: unknown) => {
          counted.rows += 1;
          return csvLine(
            (row as unknown[]).map((cell, index) => cellText(cell, fields[index])),
            options.nullText,
          );
        };
        const bytes = await writeCsv({ ...options, header, rows: csvChunks(rows, line) });
        return { columns, bytes };
      };
      try {
        const { columns, bytes } = await this.#limited(ms, copy());
        return { columns, rows: counted.rows, bytes };
      } catch (thrown) {
        // Rows that nobody takes any more: the server need not go on.
        rows.destroy();
        await this.stop();
        throw thrown;
      }
    });
  }

  #command({ statement, parameters }: Asked): { command: Command; firstFields: Promise<driver.FieldPacket[]> } {
    namesIn(statement, parameters);
    const sql = placed(statement, () => '?');
    const values = statement.names.map((name) => flatValue(name, parameters[name]));
    // Not every statement can be prepared; without values it need not be.
    const command = (values.length === 0 ? this.#connection.query({ sql }) : this.#connection.execute({ sql, values })) as unknown as Command;
    const first = Promise.withResolvers<driver.FieldPacket[]>();
    first.promise.catch(() => {});
    command.on('fields', (fields: driver.FieldPacket[] | undefined) => {
      if (fields) first.resolve(fields);
      else first.reject(noRows());
    });
    command.on('error', (error: Error) => first.reject(error));
    command.on('end', () => first.reject(noRows()));
    return { command, firstFields: first.promise };
  }

  async #limited<T>(ms: number, work: Promise<T>): Promise<T> {
    try {
      return await withinTime({ ms, stop: () => this.stop(), close: () => this.close() }, work);
    } catch (thrown) {
      throw queryFailure(thrown, placeOf(this.#settings));
    }
  }

  async #tell(sql: string): Promise<unknown[][]> {
    const answered = new Promise<unknown[][]>((resolve, reject) => {
      this.#connection.query({ sql }, (error, rows) => (error ? reject(error) : resolve(Array.isArray(rows) ? (rows as unknown as unknown[][]) : [])));
    });
    return this.#limited(this.#settings.queryTimeoutSeconds * 1000, answered);
  }

  async #prepare(): Promise<void> {
    await this.#tell(`set time_zone = '+00:00'`);
    const [row] = await this.#tell('select version()');
    this.version = String(row?.[0]);
  }
}

function tlsSettings({ tls, ca }: DatabaseConfig): driver.SslOptions {
  return { minVersion: 'TLSv1.2', rejectUnauthorized: tls !== 'require', verifyIdentity: tls === 'verify-full', ...(ca === undefined ? {} : { ca }) };
}

function noRows(): Error {
  return Object.assign(new TypeError('the statement gives no rows'), { sqlState: 'HY000' });
}

function columnsOf(fields: readonly driver.FieldPacket[]): { name: string; type: string }[] {
  const names = distinctNames(fields.map((field) => field.name));
  return fields.map((field, index) => ({ name: names[index] as string, type: columnType(field) }));
}
