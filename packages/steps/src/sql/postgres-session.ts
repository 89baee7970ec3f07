// One session with a Postgres server: statements with bound values, rows out by COPY, stopped on the server when time is up.
import type { Socket } from 'node:net';
import { checkedSocket } from '@tidewheel/kit/egress/egress';
import type { CopiedRows, CopyOptions, SqlOutcome, SqlSession, SqlStatement } from '@tidewheel/kit/sql-session';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { PooledSession } from '../connectors/session-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { writeCsv } from './csv-file.ts';
import { type DatabaseConfig, placeToReach, tlsOptions } from './database-settings.ts';
import { connectFailure, queryFailure } from './postgres-errors.ts';
import { columnType, plainCell } from './postgres-types.ts';
import { withinTime } from './query-limit.ts';
import { boundValue, csvLine, distinctNames } from './sql-values.ts';
import { namesIn, placed, readOne, readStatements, type SqlDialect, written } from './statement-text.ts';

export interface PostgresSettings extends DatabaseConfig {
  searchPath?: string[] | undefined;
  applicationName: string;
}

export const postgresDialect: SqlDialect = { backslashEscapes: false, dollarQuotes: true, brackets: false, hashComments: false, nestedComments: true };

/** Everything as the text that the server sends: `plainCell` makes of it what JSON can hold. */
const asText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

interface Asked {
  text: string;
  values?: unknown[];
  ms: number;
  /** How long the text before the statement of the user is, for the place of a fault. */
  before?: number;
  onRow?: (row: (string | null)[]) => void;
}

interface Answered {
  fields: pg.FieldDef[];
  rowsAffected: number | null;
}
/** Commands whose count is of rows that were changed; that of a SELECT is of rows that were given. */
const changing = /^(INSERT|UPDATE|DELETE|MERGE|COPY)$/;

export class PostgresSession implements SqlSession, PooledSession {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #settings: PostgresSettings;
  readonly #password: string;
  #pid = 0;
  #isOpen = true;
  #limitMs: number | undefined;
  #isInTransaction = false;
  /** As the server names itself. */
  version = '';

  private constructor(client: pg.Client, { socket, settings, password }: { socket: Socket; settings: PostgresSettings; password: string }) {
    this.#client = client;
    this.#socket = socket;
    this.#settings = settings;
    this.#password = password;
    client.on('error', () => this.close());
    client.on('end', () => this.close());
  }

  /** @throws InvalidInput for TLS and a refused sign-in, Unreachable, TimedOut, NotAllowed where it may not be reached */
  static async open(settings: PostgresSettings, password: string, signal: AbortSignal): Promise<PostgresSession> {
    const socket = await checkedSocket(placeToReach(settings), { signal });
    const client = new pg.Client({
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: settings.user,
      password,
      ssl: tlsOptions(settings) ?? false,
      stream: () => socket,
      application_name: settings.applicationName,
      connectionTimeoutMillis: settings.timeoutSeconds * 1000,
      keepAlive: true,
    });
    const session = new PostgresSession(client, { socket, settings, password });
    const leave = () => socket.destroy();
    signal.addEventListener('abort', leave, { once: true });
    try {
      await client.connect();
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
    this.#socket.destroy();
  }
  async reset(): Promise<boolean> {
    if (this.#isInTransaction) return false;
    await this.#client.query('discard all');
    this.#limitMs = undefined;
    await this.#prepare();
    return true;
  }

  /** On a connection of its own: this one is busy. */
  async stop(): Promise<void> {
    try {
      const other = await PostgresSession.open({ ...this.#settings, timeoutSeconds: 5 }, this.#password, AbortSignal.timeout(5_000));
      await other.#client.query({ text: 'select pg_cancel_backend($1)', values: [this.#pid] });
      other.close();
    } catch {
      this.close();
    }
  }

  split(sql: string): string[] {
    return readStatements(sql, postgresDialect).map(written);
  }

  async transaction<T>({ readOnly }: { readOnly: boolean }, work: () => Promise<T>): Promise<T> {
    await this.#ask({ text: readOnly ? 'begin read only' : 'begin', ms: 10_000 });
    this.#isInTransaction = true;
    const result = await work();
    await this.#ask({ text: 'commit', ms: this.#settings.queryTimeoutSeconds * 1000 });
    this.#isInTransaction = false;
    return result;
  }

  async execute({ sql, parameters, timeoutMs }: SqlStatement, { keep }: { keep: number }): Promise<SqlOutcome> {
    const statement = readOne(sql, postgresDialect);
    const names = namesIn(statement, parameters);
    const rows: (string | null)[][] = [];
    let isMore = false;
    const onRow = (row: (string | null)[]) => {
      if (rows.length < keep) rows.push(row);
      else isMore = true;
    };
    const text = placed(statement, (name) => `$${names.indexOf(name) + 1}`);
    const { fields, rowsAffected } = await this.#ask({ text, values: names.map((name) => boundValue(name, parameters[name])), ms: timeoutMs, onRow });
    if (fields.length === 0) return { rowsAffected, result: null };
    const columns = columnsOf(fields);
    const plain = rows.map((row) => row.map((cell, index) => plainCell(cell, fields[index]?.dataTypeID ?? 0)));
    return { rowsAffected, result: { columns, rows: plain, truncated: isMore } };
  }

  async copyOut({ sql, parameters, timeoutMs }: SqlStatement, options: CopyOptions): Promise<CopiedRows> {
    const statement = readOne(sql, postgresDialect);
    const names = namesIn(statement, parameters);
    return this.transaction({ readOnly: true }, async () => {
      const text = placed(statement, (name) => `$${names.indexOf(name) + 1}`);
      const values = names.map((name) => boundValue(name, parameters[name]));
      const before = 'select * from (\n';
      const { fields } = await this.#ask({ text: `${before}${text}\n) as tidewheel_query limit 0`, values, ms: timeoutMs, before: before.length });
      const places = names.length === 0 ? [] : await this.#setValues(text, { values, ms: timeoutMs });
      const query = placed(statement, (name) => places[names.indexOf(name)] as string);
      const columns = columnsOf(fields);
      return { columns, ...(await this.#copy(query, { columns: columns.map(({ name }) => name), ms: timeoutMs, options })) };
    });
  }

  // COPY takes no values of its own: they are put into settings of this transaction, each under the type that the server found for it.
  async #setValues(text: string, { values, ms }: { values: unknown[]; ms: number }): Promise<string[]> {
    await this.#ask({ text: `prepare tidewheel_query as ${text}`, ms });
    const types: string[] = [];
    const onRow = ([type]: (string | null)[]) => void types.push(type ?? 'text');
    await this.#ask({ text: `select unnest(parameter_types)::text from pg_prepared_statements where name = 'tidewheel_query'`, ms, onRow });
    await this.#ask({ text: 'deallocate tidewheel_query', ms });
    const settings = types.map((type, index) => `set_config('tidewheel.value${index + 1}', coalesce(($${index + 1}::${type})::text, ''), true)`);
    const typed = values.map((value, index) => (Array.isArray(value) && /^jsonb?$/.test(types[index] ?? '') ? JSON.stringify(value) : value));
    await this.#ask({ text: `select ${settings.join(', ')}`, values: typed, ms });
    return types.map((type, index) => (typed[index] === null ? `(null::${type})` : `(current_setting('tidewheel.value${index + 1}')::${type})`));
  }

  async #copy(query: string, { columns, ms, options }: { columns: string[]; ms: number; options: CopyOptions }): Promise<{ rows: number; bytes: number }> {
    await this.#limit(ms);
    const stream = copyTo(`copy (\n${query}\n) to stdout with (format csv, null '${options.nullText}', force_quote *)`);
    this.#client.query(stream);
    const work = writeCsv({ ...options, header: csvLine(columns, options.nullText), rows: stream });
    try {
      const bytes = await withinTime({ ms, stopsItself: true, stop: () => this.stop(), close: () => this.close() }, work);
      return { rows: stream.rowCount, bytes };
    } catch (thrown) {
      // Rows that nobody takes any more: the server need not go on.
      if (!(thrown instanceof pg.DatabaseError)) await this.stop();
      throw queryFailure(thrown, { place: placeOf(this.#settings), ms });
    }
  }

  async #prepare(): Promise<void> {
    const { searchPath } = this.#settings;
    const path = searchPath && searchPath.length > 0 ? searchPath.map((name) => pg.escapeIdentifier(name)).join(', ') : null;
    const { rows } = await this.#client.query({
      text: `select pg_backend_pid(), current_setting('server_version'), set_config('search_path', coalesce($1, current_setting('search_path')), false),
        set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), set_config('intervalstyle', 'iso_8601', false), set_config('bytea_output', 'hex', false)`,
      values: [path],
      rowMode: 'array',
    });
    const [pid, version] = (rows[0] ?? []) as unknown[];
    this.#pid = Number(pid);
    this.version = String(version);
  }

  async #limit(ms: number): Promise<void> {
    if (this.#limitMs === ms) return;
    await this.#client.query({ text: `select set_config('statement_timeout', $1, false)`, values: [String(ms)] });
    this.#limitMs = ms;
  }

  /** Rows go to `onRow` and are not kept. Always the extended protocol, which takes one statement only. */
  async #ask({ text, values = [], ms, before = 0, onRow = () => {} }: Asked): Promise<Answered> {
    const run = async () => {
      await this.#limit(ms);
      return new Promise<Answered>((resolve, reject) => {
        const config = { text, values, rowMode: 'array', types: asText, queryMode: 'extended' };
        const query = new pg.Query(config as unknown as pg.QueryConfig);
        query.on('row', (row: unknown) => onRow(row as (string | null)[]));
        query.on('end', (result) => resolve({ fields: result.fields ?? [], rowsAffected: changing.test(result.command) ? result.rowCount : null }));
        query.on('error', reject);
        this.#client.query(query);
      });
    };
    try {
      return await withinTime({ ms, stopsItself: true, stop: () => this.stop(), close: () => this.close() }, run());
    } catch (thrown) {
      throw queryFailure(thrown, { place: placeOf(this.#settings), ms, text, before });
    }
  }
}

function columnsOf(fields: readonly pg.FieldDef[]): { name: string; type: string }[] {
  const names = distinctNames(fields.map((field) => field.name));
  return fields.map(({ dataTypeID, dataTypeModifier }, index) => ({ name: names[index] as string, type: columnType(dataTypeID, dataTypeModifier) }));
}
