import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runStep } from '@tidewheel/kit/harness';
import type { SqlSession } from '@tidewheel/kit/sql-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeIdleMysql, MysqlConfig, mysql } from '../connectors/mysql.connector.ts';
import { SqlserverConfig, sqlserver } from '../connectors/sqlserver.connector.ts';
import { sqlExecute } from './execute.step.ts';
import { mariadbMissing, startMariadb, type TestMariadb } from './testing/mariadb.ts';

const signal = new AbortController().signal;
const statement = (sql: string, parameters: Record<string, unknown> = {}, timeoutMs = 20_000) => ({ sql, parameters, timeoutMs });

describe.skipIf(mariadbMissing !== undefined)(`a MariaDB database${mariadbMissing ? ` (skipped: ${mariadbMissing})` : ''}`, () => {
  let server: TestMariadb;
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    server = await startMariadb();
    folder = await mkdtemp(path.join(tmpdir(), 'tw-maria-'));
  });
  afterAll(async () => {
    closeIdleMysql();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const use = <T>(work: (session: SqlSession) => Promise<T>, until = signal) =>
    mysql.withDatabase!({ workspaceId: 'w', slug: 'shop', config: MysqlConfig.parse(server.config), secret: server.secret, signal: until }, work);
  const test = async (changes: object = {}, secret: { password: string } | null = server.secret) =>
    mysql.test({ config: MysqlConfig.parse({ ...server.config, ...changes }), secret }, { signal, log: () => {} });
  const running = (text: string) =>
    Number(
      server.admin(`select count(*) from information_schema.processlist where command = 'Query' and info like '%${text}%' and info not like '%processlist%'`),
    );
  const copied = async (sql: string, parameters: Record<string, unknown> = {}, timeoutMs = 20_000) => {
    const file = path.join(folder, `${++files}.csv`);
    const out = await use((session) => session.copyOut(statement(sql, parameters, timeoutMs), { file, nullText: '~', maxBytes: 1e9, onBytes: () => {} }));
    return { ...out, text: await readFile(file, 'utf8') };
  };

  it('is tested check by check', async () => {
    expect(await test()).toMatchObject({
      ok: true,
      checks: [{ name: 'DNS' }, { name: 'port' }, { name: 'sign-in' }, { name: 'query', detail: expect.stringContaining('MariaDB') }],
    });
    const last = async (...asked: Parameters<typeof test>) => (await test(...asked)).checks.at(-1);
    expect(await last({ port: 1 })).toMatchObject({ name: 'port', ok: false });
    expect(await last({}, { password: 'not the password' })).toMatchObject({ name: 'sign-in', ok: false, hint: expect.stringContaining('lock') });
    expect(await last({}, null)).toMatchObject({ name: 'sign-in', ok: false });
    expect(await last({ database: 'nowhere' })).toMatchObject({ ok: false, detail: expect.stringContaining('nowhere') });
    expect(await last({ tls: 'require' })).toMatchObject({ ok: true });
    expect(await last({ tls: 'verify-full' })).toMatchObject({ name: 'TLS', ok: false });
    expect(await last({ tls: 'verify-ca', ca: server.authority })).toMatchObject({ ok: true });
    expect(await last({ tls: 'verify-full', ca: server.authority, host: 'localhost' })).toMatchObject({ ok: true });
  });

  it('binds values and keeps types, NULLs, quotes and line ends', async () => {
    const evil = `'; drop table x; -- :b "\\`;
    await use((session) =>
      session.execute(
        statement(
          'create table kinds (id bigint unsigned, tiny tinyint, price decimal(10,2), n varchar(9), t text, d date, at datetime(6), ts timestamp(3), b blob, x double, bits bit(4))',
        ),
        { keep: 0 },
      ),
    );
    const inserted = await use((session) =>
      session.execute(
        statement(
          `insert into kinds values (18446744073709551615, -1, 1.50, :nothing, :text, :day, '2026-11-20 10:00:00.123456', '2026-11-20 10:00:00.5', x'6869', 0.1, b'101')`,
          {
            nothing: null,
            text: evil,
            day: '2026-11-20',
          },
        ),
        { keep: 0 },
      ),
    );
    expect(inserted).toEqual({ rowsAffected: 1, result: null });
    const out = await copied('select * from kinds where t = :text', { text: evil });
    expect(out.columns.map(({ type }) => type)).toEqual([
      'UBIGINT',
      'TINYINT',
      'DECIMAL(10,2)',
      'VARCHAR',
      'VARCHAR',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR',
      'DOUBLE',
      'UBIGINT',
    ]);
    const line = `"18446744073709551615","-1","1.50",~,"${evil.replaceAll('"', '""')}","2026-11-20","2026-11-20 10:00:00.123456","2026-11-20 10:00:00.500+00","\\x6869","0.1","5"\n`;
    expect(out.text.split('\n').slice(1).join('\n')).toBe(line);
    expect((await copied('select * from kinds')).text).toBe(out.text);
    expect((await copied(`select 1 as a, 2 as a, '' as e from kinds where false`)).text).toBe('"a","a_1","e"\n');
    const { result } = await use((session) => session.execute(statement('select id, price, x, tiny from kinds'), { keep: 5 }));
    expect(result?.rows).toEqual([['18446744073709551615', '1.50', 0.1, -1]]);
  });

  it('reads only, and refuses what gives no rows', async () => {
    await expect(copied('delete from kinds')).rejects.toMatchObject({ code: 'sql.read_only' });
    await expect(copied('select 1; select 2')).rejects.toMatchObject({ code: 'sql.several' });
    await expect(copied('select nothing from kinds')).rejects.toMatchObject({ code: 'sql.failed', message: expect.stringContaining('nothing') });
    await expect(copied('set @a = 1')).rejects.toMatchObject({ code: 'sql.failed' });
  });

  it('stops a query on the server when its time is up, when it is cancelled, and while rows are on their way', async () => {
    await expect(use((session) => session.execute(statement('select sleep(60), 4711', {}, 300), { keep: 1 }))).rejects.toMatchObject({
      code: 'sql.query_timeout',
      retryable: true,
    });
    await expect.poll(() => running('4711')).toBe(0);
    const cancel = new AbortController();
    const query = use((session) => session.execute(statement('select sleep(60), 4712'), { keep: 1 }), cancel.signal);
    await expect.poll(() => running('4712')).toBe(1);
    cancel.abort(new Error('cancelled by somebody'));
    await expect(query).rejects.toThrow('cancelled by somebody');
    await expect.poll(() => running('4712')).toBe(0);
    const endless = `select seq as endless, repeat('x', 200) from seq_1_to_100000000`;
    await expect(copied(endless, {}, 400)).rejects.toMatchObject({ code: 'sql.query_timeout' });
    await expect.poll(() => running('endless')).toBe(0);
    const limited = use((session) =>
      session.copyOut(statement(endless), { file: path.join(folder, 'much.csv'), nullText: '~', maxBytes: 500_000, onBytes: () => {} }),
    );
    await expect(limited).rejects.toMatchObject({ code: 'sql.too_large' });
    await expect.poll(() => running('endless')).toBe(0);
  });

  it('copies far more than memory takes: rows wait for the disk', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const file = path.join(folder, 'large.csv');
    const onBytes = () => (most = Math.max(most, process.memoryUsage().rss));
    const out = await use((session) =>
      session.copyOut(statement(`select seq, repeat('x', 500) as t from seq_1_to_250000`), { file, nullText: '~', maxBytes: 1e9, onBytes }),
    );
    expect(out).toMatchObject({ rows: 250_000 });
    expect(out.bytes).toBeGreaterThan(125_000_000);
    expect(most - before).toBeLessThan(150_000_000);
  });

  it('takes back all statements of a transaction, and resets a session for its next user', async () => {
    const connections = { shop: { type: 'mysql', config: server.config, secret: server.secret } };
    await using done = await runStep(
      sqlExecute,
      {
        connection: 'shop',
        sql: `create table if not exists items (id int primary key) engine=innodb; insert into items values (1), (2); set @mine = 'x'; select @mine as mine, count(*) as n from items`,
      },
      { connections },
    );
    expect(done.result.value).toMatchObject({ rowsAffected: 2, rows: [{ mine: 'x', n: '2' }] });
    await expect(
      runStep(sqlExecute, { connection: 'shop', sql: 'insert into items values (3); insert into items values (1)' }, { connections }),
    ).rejects.toMatchObject({ code: 'sql.failed', retryable: false });
    expect(server.admin('select count(*) from shop.items').trim()).toBe('2');
    const { result } = await use((session) => session.execute(statement('select @mine'), { keep: 1 }));
    expect(result?.rows).toEqual([[null]]);
  });
});

describe('a SQL Server connection, without a server', () => {
  const last = async (changes: object, secret: { password: string } | null = { password: 'some password' }) =>
    (
      await sqlserver.test(
        { config: SqlserverConfig.parse({ host: '127.0.0.1', database: 'd', user: 'u', timeoutSeconds: 1, ...changes }), secret },
        { signal, log: () => {} },
      )
    ).checks.at(-1);
  const listen = async (onConnection: (socket: net.Socket) => void) => {
    const open = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      open.add(socket);
      socket.on('error', () => {});
      onConnection(socket);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const close = () => {
      for (const socket of open) socket.destroy();
      server.close();
    };
    return { port: (server.address() as net.AddressInfo).port, [Symbol.dispose]: close };
  };
  it('says what is wrong with name, port and protocol, and gives up in time', async () => {
    expect(await last({ host: 'no-such-host.invalid' })).toMatchObject({ name: 'DNS', ok: false });
    expect(await last({ port: 1 })).toMatchObject({ name: 'port', ok: false });
    using silent = await listen(() => {});
    expect(await last({ port: silent.port })).toMatchObject({ name: 'sign-in', ok: false, detail: expect.stringContaining('in time') });
    expect(await last({ port: silent.port }, null)).toMatchObject({ name: 'sign-in', ok: false });
    using web = await listen((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await last({ port: web.port })).toMatchObject({ ok: false });
    // The answer to PRELOGIN of a server without encryption (MS-TDS 2.2.6.5): ENCRYPT_NOT_SUP.
    const prelogin = Buffer.from('0401002300000100000015000601001b000102001c000103001d0000ff10000fa100000200', 'hex');
    using plain = await listen((socket) => void socket.once('data', () => socket.write(prelogin)));
    expect(await last({ port: plain.port })).toMatchObject({ ok: false });
  });
});
