// What can be held against something without an Oracle database: its door, the reading of its types, and of its statements.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OracleConfig, oracle } from '../connectors/oracle.connector.ts';
import { queryFailure } from './oracle-errors.ts';
import { oracleDialect } from './oracle-session.ts';
import { cellText, columnType, plainCell, timeTextOf } from './oracle-types.ts';
import { readStatements, written } from './statement-text.ts';
import { certificateFor } from './testing/postgres-server.ts';
import { redirection, refusal, startTnsListener } from './testing/tns-listener.ts';

const signal = new AbortController().signal;
const test = async (changes: object, secret: { password: string } | null = { password: 'some password' }) => {
  const config = OracleConfig.parse({ host: '127.0.0.1', service: 'FREEPDB1', user: 'desk', tls: 'off', timeoutSeconds: 5, ...changes });
  return (await oracle.test({ config, secret }, { signal, log: () => {} })).checks.at(-1);
};

describe('the door of an Oracle database', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tw-tns-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is told apart: name, port, service, sign-in, room, silence, what is none', async () => {
    expect(await test({ host: 'nowhere.invalid' })).toMatchObject({ name: 'DNS', ok: false });
    expect(await test({ port: 1 })).toMatchObject({ name: 'port', ok: false });
    expect(await test({ port: 1 }, null)).toMatchObject({ name: 'port' });
    let answer: Parameters<typeof startTnsListener>[0] = () => refusal(12514);
    await using listener = await startTnsListener(() => answer());
    const { port } = listener;
    expect(await test({ port }, null)).toMatchObject({ name: 'sign-in', detail: expect.stringContaining('no password') });
    expect(await test({ port })).toMatchObject({ ok: false, detail: expect.stringContaining('knows no service FREEPDB1') });
    expect(listener.asked[0]).toContain('(SERVICE_NAME=FREEPDB1)');
    expect(listener.asked[0]).toContain('(PROGRAM=tidewheel)');
    // Over 230 bytes it follows in a packet of its own.
    const service = 'orders.'.repeat(18);
    expect(await test({ port, service })).toMatchObject({ ok: false, detail: expect.stringContaining('knows no service') });
    expect(listener.asked.at(-1)).toContain(`(SERVICE_NAME=${service})`);
    answer = () => refusal(12519);
    expect(await test({ port })).toMatchObject({ ok: false, detail: expect.stringContaining('takes no connection now') });
    answer = () => undefined;
    expect(await test({ port, timeoutSeconds: 1 })).toMatchObject({ ok: false, detail: expect.stringContaining('did not answer in time') });
    answer = () => 'close';
    expect(await test({ port })).toMatchObject({ ok: false, detail: expect.stringContaining('broke') });
    answer = () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await test({ port })).toMatchObject({ ok: false });
    answer = () => refusal(1033);
    const config = OracleConfig.parse({ host: '127.0.0.1', port, service: 'X', user: 'u', tls: 'off', timeoutSeconds: 5 });
    const use = oracle.withDatabase?.({ workspaceId: 'w', slug: 'o', config, secret: { password: 'some password' }, signal }, async () => 1);
    await expect(use).rejects.toMatchObject({ code: 'sql.not_now', retryable: true });
    const cancel = new AbortController();
    answer = () => {
      cancel.abort(new RangeError('cancelled'));
      return undefined;
    };
    const left = oracle.withDatabase?.({ workspaceId: 'w', slug: 'o', config, secret: { password: 'some password' }, signal: cancel.signal }, async () => 1);
    await expect(left).rejects.toThrow('cancelled');
  });

  it('speaks TLS only with whom the settings trust', async () => {
    const files = certificateFor('localhost', folder);
    const ca = await readFile(files.cert, 'utf8');
    await using listener = await startTnsListener(() => refusal(12514), files);
    const { port } = listener;
    const service = { detail: expect.stringContaining('knows no service') };
    expect(await test({ port, tls: 'verify-full' })).toMatchObject({ name: 'TLS', ok: false });
    expect(await test({ port, tls: 'verify-full', ca })).toMatchObject({ name: 'TLS', ok: false });
    expect(await test({ port, tls: 'verify-full', ca, host: 'localhost' })).toMatchObject(service);
    expect(await test({ port, tls: 'verify-ca', ca })).toMatchObject(service);
    expect(await test({ port, tls: 'require' })).toMatchObject(service);
    await using clear = await startTnsListener(() => refusal(12514));
    expect(await test({ port: clear.port, tls: 'require' })).toMatchObject({ name: 'TLS', ok: false });
  });

  it('follows where it is redirected to, and not beyond what may be reached or without the encryption', async () => {
    await using other = await startTnsListener(() => refusal(12514));
    await using first = await startTnsListener(() => redirection({ host: '127.0.0.1', port: other.port }));
    expect(await test({ port: first.port })).toMatchObject({ detail: expect.stringContaining('knows no service') });
    expect(other.asked).toHaveLength(1);
    const files = certificateFor('localhost', folder);
    const ca = await readFile(files.cert, 'utf8');
    await using encrypted = await startTnsListener(() => redirection({ host: '127.0.0.1', port: other.port }), files);
    expect(await test({ port: encrypted.port, host: 'localhost', tls: 'verify-full', ca })).toMatchObject({ name: 'TLS', ok: false });
    expect(other.asked).toHaveLength(1);
    await using inward = await startTnsListener(() => redirection({ host: '169.254.169.254', port: 80 }));
    expect(await test({ port: inward.port })).toMatchObject({ ok: false, detail: expect.stringContaining('does not let connections reach') });
    await using loop = await startTnsListener(() => redirection({ host: '127.0.0.1', port: loop.port }));
    expect(await test({ port: loop.port })).toMatchObject({ ok: false });
  });
});

describe('what Oracle gives', () => {
  const column = (name: string, more: { precision?: number; scale?: number } = {}) => ({ name: 'C', dbType: { name: `DB_TYPE_${name}` }, ...more });

  it('keeps every digit of numbers', () => {
    const number = (precision: number, scale: number) => columnType(column('NUMBER', { precision, scale }));
    expect([number(4, 0), number(9, 0), number(18, 0), number(38, 0), number(18, 6), number(5, -2), number(2, 5)]).toEqual([
      'SMALLINT',
      'INTEGER',
      'BIGINT',
      'DECIMAL(38,0)',
      'DECIMAL(18,6)',
      'INTEGER',
      'DECIMAL(5,5)',
    ]);
    expect([number(0, 0), number(0, -127), number(126, -127), number(38, -84)]).toEqual(['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR']);
    expect(plainCell('42', column('NUMBER', { precision: 9, scale: 0 }))).toBe(42);
    expect(plainCell('98.515625', column('NUMBER', { precision: 18, scale: 6 }))).toBe('98.515625');
    expect(plainCell('12345678901234567890', column('NUMBER', { precision: 38, scale: 0 }))).toBe('12345678901234567890');
    expect(plainCell(0.1, column('BINARY_DOUBLE'))).toBe(0.1);
    expect(plainCell(Number.NaN, column('BINARY_DOUBLE'))).toBe('NaN');
    expect(plainCell(null, column('NUMBER'))).toBe(null);
  });

  it('keeps times to the nanosecond, whatever the zone of this machine', () => {
    const day = [120, 126, 3, 29, 3, 31, 1];
    expect(timeTextOf(Buffer.from(day))).toBe('2026-03-29 02:30:00');
    const nanos = (count: number) => {
      const bytes = Buffer.alloc(11);
      Buffer.from(day).copy(bytes);
      bytes.writeUInt32BE(count, 7);
      return timeTextOf(bytes);
    };
    expect(nanos(123_456_000)).toBe('2026-03-29 02:30:00.123456');
    expect(nanos(1)).toBe('2026-03-29 02:30:00.000000001');
    expect(nanos(500_000_000)).toBe('2026-03-29 02:30:00.500000');
    expect(timeTextOf(Buffer.from([56, 56, 3, 15, 1, 1, 1]))).toBe('4444-03-15 (BC) 00:00:00');
    expect(cellText('2026-03-29 02:30:00', column('TIMESTAMP_TZ'))).toBe('2026-03-29 02:30:00+00');
    expect(columnType(column('DATE'))).toBe('TIMESTAMP');
  });

  it('gives everything else as text, and refuses what has none', () => {
    expect(cellText(Buffer.from('hi'), column('RAW'))).toBe('\\x6869');
    expect(cellText({ a: [1] }, column('JSON'))).toBe('{"a":[1]}');
    expect(cellText({ years: 1, months: -2 }, column('INTERVAL_YM'))).toBe('P1Y-2M');
    expect(cellText({ days: 3, hours: 4, minutes: 5, seconds: 6, fseconds: 500_000_000 }, column('INTERVAL_DS'))).toBe('P3DT4H5M6.5S');
    expect(cellText({ days: 0, fseconds: -1 }, column('INTERVAL_DS'))).toBe('PT-0.000000001S');
    expect(() => columnType(column('CURSOR'))).toThrow('cannot be read');
  });

  it('says what a refused statement is about', () => {
    const said = (message: string, more: object = {}) => queryFailure(Object.assign(new TypeError(message), more), 'db:1521');
    expect(
      said('ORA-00942: table or view "DESK"."X" does not exist\nHelp: https://docs.oracle.com/error-help/db/ora-00942/', {
        errorNum: 942,
        code: 'ORA-00942',
        offset: 14,
      }),
    ).toMatchObject({
      code: 'sql.failed',
      message: 'The database refused the statement (character 15): ORA-00942: table or view "DESK"."X" does not exist',
    });
    expect(said('ORA-01031: insufficient privileges', { errorNum: 1031 })).toMatchObject({ code: 'sql.refused' });
    expect(said('ORA-00060: deadlock detected', { errorNum: 60 })).toMatchObject({ code: 'sql.busy', retryable: true });
    expect(said('ORA-01456: may not perform insert', { errorNum: 1456 })).toMatchObject({ code: 'sql.read_only' });
    expect(said('ORA-01013: user requested cancel', { errorNum: 1013 })).toMatchObject({ code: 'sql.cancelled' });
    expect(said('NJS-500: connection to the Oracle Database was broken\nORA-03113: end-of-file', { code: 'NJS-500', errorNum: 3113 })).toMatchObject({
      code: 'sql.lost',
      retryable: true,
    });
  });
});

it('finds values and ends of statements as Oracle writes them', () => {
  const read = (sql: string) => readStatements(sql, oracleDialect).map((statement) => [written(statement), statement.names]);
  expect(read(`select q'[it's; :no]', nq'!:x!' from t where a = :day; select 'it''s' from dual`)).toEqual([
    [`select q'[it's; :no]', nq'!:x!' from t where a = :day`, ['day']],
    [` select 'it''s' from dual`, []],
  ]);
  expect(read(`select seq'a' from t where b = :b`)).toEqual([[`select seq'a' from t where b = :b`, ['b']]]);
});

it('takes a service as a name only', () => {
  expect(() => OracleConfig.parse({ host: 'h', service: 'A)(SECURITY=(x=y)', user: 'u' })).toThrow('name of a service');
});
