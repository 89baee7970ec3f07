// One session with an Oracle database: values bound by name, rows fetched a block at a time, numbers and times as exact text; a break stops it when time is up.

import { InvalidInput } from '@tidewheel/contract/errors';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import type { CopiedRows, CopyOptions, SqlOutcome, SqlRowsToWrite, SqlSession, SqlStatement } from '@tidewheel/kit/sql-session';
import type { PooledSession } from '../connectors/session-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { csvChunks, writeCsv } from './csv-file.ts';
import { type DatabaseServer, placeToReach } from './database-settings.ts';
import {
  type OracleBinds,
  type OracleColumn,
  type OracleConnection,
  type OracleResult,
  type OracleRows,
  type OracleType,
  type OracleWay,
  oracleDriver,
  signIn,
} from './oracle-driver.ts';
import { connectFailure, queryFailure } from './oracle-errors.ts';
import { cellText, columnType, plainCell } from './oracle-types.ts';
import { withinTime } from './query-limit.ts';
import { csvLine, distinctNames, flatValue } from './sql-values.ts';
import { namesIn, placed, readOne, readStatements, type SqlDialect, type StatementText, written } from './statement-text.ts';

export const oracleDialect: SqlDialect = {
  ...{ backslashEscapes: false, dollarQuotes: false, brackets: false, hashComments: false, nestedComments: false },
  textQuotes: true,
};

export type OracleSettings = DatabaseServer & { service: string; queryTimeoutSeconds: number };

/** Rows of one round trip. */
const fetchedAtOnce = 1_000;
/** PL/SQL has `;` inside of it. */
const block =
  /^(\s|--.*\n|\/\*[\s\S]*?\*\/)*(begin\b|declare\b|create\s+(or\s+replace\s+)?((non)?editionable\s+)?(function|procedure|package|trigger|type)\b)/i;
const asking = /^(\s|--.*\n|\/\*[\s\S]*?\*\/)*(select|with)\b/i;
/** How values are read that come as text where a number or a time is needed. */
const forms = `alter session set time_zone = '+00:00' nls_numeric_characters = '.,' nls_date_format = 'YYYY-MM-DD HH24:MI:SS'
  nls_timestamp_format = 'YYYY-MM-DD HH24:MI:SS.FF' nls_timestamp_tz_format = 'YYYY-MM-DD HH24:MI:SS.FF TZH:TZM'`;

export class OracleSession implements SqlSession, PooledSession {
  readonly #connection: OracleConnection;
  readonly #way: OracleWay;
  readonly #settings: OracleSettings;
  #isOpen = true;
  #isInTransaction = false;
  /** Something may be left of its user: rows of temporary tables, settings of the session, state of packages. */
  #isUsed = false;

  private constructor(connection: OracleConnection, { way, settings }: { way: OracleWay; settings: OracleSettings }) {
    this.#connection = connection;
    this.#way = way;
    this.#settings = settings;
    way.socket?.once('close', () => (this.#isOpen = false));
  }

  /** @throws InvalidInput for TLS, an unknown service and a refused sign-in, Unreachable, TimedOut, NotAllowed where it may not be reached */
  static async open(settings: OracleSettings, password: string, signal: AbortSignal): Promise<OracleSession> {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(Object.assign(new RangeError('no answer'), { code: 'ETIMEDOUT' })), settings.timeoutSeconds * 1000);
    const leave = () => giveUp.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      const { address } = await resolveAllowed(placeToReach(settings), { signal: giveUp.signal });
      const way: OracleWay = { settings, address, signal: giveUp.signal };
      const session = await OracleSession.#signedIn(way, { settings, password });
      await session.#tell(forms);
      session.#isUsed = false;
      return session;
    } catch (thrown) {
      signal.throwIfAborted();
      throw connectFailure(giveUp.signal.aborted ? giveUp.signal.reason : thrown, settings);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  static async #signedIn(way: OracleWay, { settings, password }: { settings: OracleSettings; password: string }): Promise<OracleSession> {
    const connectString = descriptorOf(settings, way.address);
    // `program` is what the database shows of us; without it the driver tells the path of Node.
    const given = { user: settings.user, password, connectString, program: 'tidewheel', transportConnectTimeout: settings.timeoutSeconds + 5 };
    try {
      return new OracleSession(await signIn(way, given), { way, settings });
    } catch (thrown) {
      way.socket?.destroy();
      throw thrown;
    }
  }

  get version(): string {
    return this.#connection.oracleServerVersionString;
  }
  isOpen(): boolean {
    return this.#isOpen;
  }
  hold(isHeld: boolean): void {
    if (isHeld) this.#way.socket?.ref();
    else this.#way.socket?.unref();
  }
  close(): void {
    this.#isOpen = false;
    this.#way.socket?.destroy();
  }
  /** Oracle makes no session as new: only those that did nothing but ask are used again. */
  async reset(): Promise<boolean> {
    if (this.#isInTransaction || this.#isUsed) return false;
    await this.#limited(this.#settings.queryTimeoutSeconds * 1000, this.#connection.rollback());
    return true;
  }
  async stop(): Promise<void> {
    await this.#connection.break().catch(() => this.close());
  }

  split(sql: string): string[] {
    return block.test(sql) ? [sql] : readStatements(sql, oracleDialect).map(written);
  }

  async transaction<T>({ readOnly }: { readOnly: boolean }, work: () => Promise<T>): Promise<T> {
    const ms = this.#settings.queryTimeoutSeconds * 1000;
    if (readOnly) await this.#limited(ms, this.#connection.execute('set transaction read only', {}, {}));
    this.#isInTransaction = true;
    const result = await work();
    await this.#limited(ms, this.#connection.commit());
    this.#isInTransaction = false;
    return result;
  }

  async execute(statement: SqlStatement, { keep }: { keep: number }): Promise<SqlOutcome> {
    const work = async (): Promise<SqlOutcome> => {
      const { metaData, rowsAffected = null, resultSet } = await this.#run(statement);
      if (!metaData || !resultSet) return { rowsAffected, result: null };
      const columns = columnsOf(metaData);
      const found = await resultSet.getRows(keep + 1);
      await resultSet.close();
      const rows = found.slice(0, keep).map((row) => row.map((value, index) => plainCell(value, metaData[index] as OracleColumn)));
      return { rowsAffected: null, result: { columns, rows, truncated: found.length > keep } };
    };
    return this.#limited(statement.timeoutMs, work());
  }

  async executeMany({ sql, timeoutMs, rows }: SqlRowsToWrite): Promise<number> {
    if (rows.length === 0) return 0;
    this.#isUsed = true;
    const statement = readOne(sql, oracleDialect);
    const names = namesIn(statement, rows[0] as Record<string, unknown>);
    const values = rows.map((row) => Object.fromEntries(names.map((name, index) => [`v${index + 1}`, flatValue(name, row[name])])));
    const bindDefs = Object.fromEntries(names.map((_name, index) => [`v${index + 1}`, bindOf(values, `v${index + 1}`)]));
    const texts = values.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : asBound(value, bindDefs[name])])),
    );
    const work = this.#connection.executeMany(ownNames(statement, names), texts, { autoCommit: !this.#isInTransaction, bindDefs });
    return (await this.#limited(timeoutMs, work)).rowsAffected ?? 0;
  }

  copyOut(statement: SqlStatement, options: CopyOptions): Promise<CopiedRows> {
    return this.transaction({ readOnly: true }, async () => {
      const copy = async (): Promise<CopiedRows> => {
        const { metaData, resultSet } = await this.#run(statement);
        if (!metaData || !resultSet) throw new InvalidInput('sql.no_rows', 'The statement gives no rows.', { hint: 'Use sql.execute for it.' });
        const columns = columnsOf(metaData);
        const header = csvLine(
          columns.map(({ name }) => name),
          options.nullText,
        );
        let count = 0;
        const line = (row: unknown[]) => {
          count += 1;
          return csvLine(
            row.map((value, index) => cellText(value, metaData[index] as OracleColumn)),
            options.nullText,
          );
        };
        const bytes = await writeCsv({ ...options, header, rows: csvChunks(blocksOf(resultSet), line) });
        return { columns, rows: count, bytes };
      };
      try {
        return await this.#limited(statement.timeoutMs, copy());
      } catch (thrown) {
        await this.stop();
        throw thrown;
      }
    });
  }

  #run({ sql, parameters }: SqlStatement): Promise<OracleResult> {
    if (!asking.test(sql)) this.#isUsed = true;
    const statement = block.test(sql) ? wholeBlock(sql) : readOne(sql, oracleDialect);
    const names = namesIn(statement, parameters);
    const binds = Object.fromEntries(names.map((name, index) => [`v${index + 1}`, bound(name, parameters[name])]));
    const driver = oracleDriver();
    return this.#connection.execute(ownNames(statement, names), binds, {
      ...{ resultSet: true, outFormat: driver.OUT_FORMAT_ARRAY, fetchArraySize: fetchedAtOnce, prefetchRows: fetchedAtOnce },
      autoCommit: !this.#isInTransaction,
      fetchTypeHandler: (column: OracleColumn) => fetched(column),
    });
  }

  async #tell(sql: string): Promise<void> {
    await this.#limited(this.#settings.queryTimeoutSeconds * 1000, this.#connection.execute(sql, {}, {}));
  }

  async #limited<T>(ms: number, work: Promise<T>): Promise<T> {
    try {
      return await withinTime({ ms, stop: () => this.stop(), close: () => this.close() }, work);
    } catch (thrown) {
      throw queryFailure(thrown, placeOf(this.#settings));
    }
  }
}

/** The address that was checked, so that the driver resolves nothing. The service is a name, never a part of the descriptor. */
function descriptorOf({ port, service, tls }: OracleSettings, address: string): string {
  const protocol = tls === 'off' ? 'tcp' : 'tcps';
  return `(DESCRIPTION=(ADDRESS=(PROTOCOL=${protocol})(HOST=${address})(PORT=${port}))(CONNECT_DATA=(SERVICE_NAME=${service})))`;
}

/** `:date` would be refused: names that are words of the language cannot stand for values. */
function ownNames(statement: StatementText, names: readonly string[]): string {
  return placed(statement, (name) => `:v${names.indexOf(name) + 1}`);
}
/** As it was written, its values found: where two statements meet their texts are one. */
function wholeBlock(sql: string): StatementText {
  const whole: StatementText = { texts: [''], names: [] };
  for (const { texts, names } of readStatements(sql, oracleDialect)) {
    const [first = '', ...others] = texts;
    whole.texts.push(`${whole.texts.pop() ?? ''}${first}`, ...others);
    whole.names.push(...names);
    whole.texts.push(`${whole.texts.pop() ?? ''};`);
  }
  return whole;
}

function bound(name: string, given: unknown): OracleBinds[string] {
  const driver = oracleDriver();
  if (given instanceof Date) return { val: given, type: driver.DB_TYPE_TIMESTAMP_TZ };
  const value = flatValue(name, given);
  if (typeof value === 'boolean') return { val: value ? 1 : 0, type: driver.DB_TYPE_NUMBER };
  return { val: value, type: typeof value === 'number' ? driver.DB_TYPE_NUMBER : driver.DB_TYPE_VARCHAR };
}

type Flat = string | number | boolean | null;
/** What holds for a column of many rows: numbers where all are, else texts as long as the longest. */
function bindOf(rows: readonly Record<string, Flat>[], name: string): { type: OracleType; maxSize?: number } {
  const driver = oracleDriver();
  const values = rows.map((row) => row[name] ?? null).filter((value) => value !== null);
  if (values.length > 0 && values.every((value) => typeof value !== 'string')) return { type: driver.DB_TYPE_NUMBER };
  return { type: driver.DB_TYPE_VARCHAR, maxSize: Math.max(1, ...values.map((value) => Buffer.byteLength(String(value)))) };
}
function asBound(value: Exclude<Flat, null>, definition: { type: OracleType } | undefined): string | number {
  return definition?.type === oracleDriver().DB_TYPE_NUMBER ? Number(value) : String(value);
}

/** Numbers as text, exactly; long texts and bytes as values, not as something to be read one by one. */
function fetched({ dbType }: OracleColumn): { type: OracleType } | undefined {
  const driver = oracleDriver();
  if (/^DB_TYPE_(NUMBER|CLOB|NCLOB)$/.test(dbType.name)) return { type: driver.STRING };
  return dbType.name === 'DB_TYPE_BLOB' ? { type: driver.BUFFER } : undefined;
}

async function* blocksOf(resultSet: OracleRows): AsyncGenerator<unknown[]> {
  for (;;) {
    const rows = await resultSet.getRows(fetchedAtOnce);
    if (rows.length === 0) break;
    yield* rows;
  }
  await resultSet.close();
}

function columnsOf(columns: readonly OracleColumn[]): { name: string; type: string }[] {
  const names = distinctNames(columns.map(({ name }) => name));
  return columns.map((column, index) => ({ name: names[index] as string, type: columnType(column) }));
}
