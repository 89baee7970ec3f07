import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newTrace, runStep } from '@tidewheel/kit/harness';
import type { SqlSession } from '@tidewheel/kit/sql-session';
import { readXlsx } from 'hucre/xlsx';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineBench, startEngineBench } from '../../../server/src/testing/engine-bench.ts';
import { storesAndLoads } from '../colors/storage/testing/stores-and-loads.ts';
import { closeIdlePostgres, PostgresConfig, postgres } from '../connectors/postgres.connector.ts';
import { httpRequest } from '../http/request.step.ts';
import { excelReport } from '../reports/excel.step.ts';
import { tableRead } from '../table/read.step.ts';
import { tableWrite } from '../table/write.step.ts';
import { sqlExecute } from './execute.step.ts';
import { sqlQuery } from './query.step.ts';
import { startPostgresServer, type TestPostgresServer } from './testing/postgres-server.ts';

let server: TestPostgresServer;
let admin: pg.Client;
let config: Record<string, unknown>;
let secret: { password: string };
let folder: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  server = await startPostgresServer();
  ({ admin, config, secret } = server);
  folder = await mkdtemp(path.join(tmpdir(), 'tw-sql-'));
});
afterAll(async () => {
  closeIdlePostgres();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const use = <T>(work: (session: SqlSession) => Promise<T>, changes: Record<string, unknown> = {}, until: AbortSignal = signal) =>
  postgres.withDatabase!({ workspaceId: 'w', slug: 'trading', config: PostgresConfig.parse({ ...config, ...changes }), secret, signal: until }, work);
const test = (changes: Record<string, unknown> = {}, given: typeof secret | null = secret) =>
  postgres.test({ config: PostgresConfig.parse({ ...config, ...changes }), secret: given }, { signal, log: () => {} });
const options = (more: object = {}) => ({ connections: { trading: { type: 'postgres', config, secret } }, ...more });
const statement = (sql: string, parameters: Record<string, unknown> = {}, timeoutMs = 20_000) => ({ sql, parameters, timeoutMs });
const running = async (text: string) =>
  (
    await admin.query<{ n: number }>(`select count(*)::int as n from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like $1`, [
      `%${text}%`,
    ])
  ).rows[0]?.n;
let files = 0;
async function copied(sql: string, parameters: Record<string, unknown> = {}) {
  const file = path.join(folder, `${++files}.csv`);
  const out = await use((session) => session.copyOut(statement(sql, parameters), { file, nullText: '~', maxBytes: 1e9, onBytes: () => {} }));
  return { ...out, text: await readFile(file, 'utf8') };
}

it('keeps colors in a table and gives them back', async () => {
  await storesAndLoads({ connection: 'trading', table: 'desk_colors' }, options());
});

describe('the test of a Postgres connection', () => {
  it('says what works', async () => {
    const result = await test();
    expect(result.checks).toMatchObject([
      { name: 'DNS' },
      { name: 'port' },
      { name: 'sign-in' },
      { name: 'query', detail: expect.stringContaining('PostgreSQL') },
    ]);
    expect(result.ok).toBe(true);
  });
  it('says which part does not', async () => {
    const last = async (...asked: Parameters<typeof test>) => (await test(...asked)).checks.at(-1);
    expect(await last({ host: 'no-such-host.invalid' })).toMatchObject({ name: 'DNS', ok: false });
    expect(await last({ port: 1 })).toMatchObject({ name: 'port', ok: false, hint: expect.stringContaining('port') });
    expect(await last({}, { password: 'not the password' })).toMatchObject({
      name: 'sign-in',
      ok: false,
      detail: expect.not.stringContaining('not the password'),
    });
    expect(await last({}, null)).toMatchObject({ name: 'sign-in', ok: false });
    expect(await last({ database: 'nowhere' })).toMatchObject({ ok: false, detail: expect.stringContaining('nowhere') });
    expect(await last({ tls: 'require' })).toMatchObject({ name: 'TLS', ok: false, hint: expect.stringContaining('tls: off') });
  });
  it('gives up on a server that never answers', async () => {
    const open = new Set<net.Socket>();
    const silent = net.createServer((socket) => void open.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    expect((await test({ host: '127.0.0.1', port, timeoutSeconds: 1 })).checks.at(-1)).toMatchObject({ ok: false, detail: expect.stringContaining('in time') });
    for (const socket of open) socket.destroy();
    silent.close();
  });
});

describe('a Postgres session', () => {
  it('binds values under the types that the server finds, and never makes them text of the statement', async () => {
    const evil = `'; drop table x; -- $1 :b "\\`;
    const parameters = { day: '2026-11-20', text: evil, list: [1, 2, 3], nothing: null, number: 12.5, map: { a: [1, evil] }, yes: true };
    const sql = 'select :text as a, :texts';
    await expect(use((session) => session.execute(statement(sql, parameters), { keep: 1 }))).rejects.toMatchObject({ code: 'sql.unknown_name' });
    const query =
      'select :day::date + 1 as d, :text as t, 3 = any(:list::int[]) as i, :nothing::int as n, :number::numeric as x, :map::jsonb as m, :yes::boolean as y';
    const { result } = await use((session) => session.execute(statement(query, parameters), { keep: 10 }));
    const [row] = result?.rows ?? [];
    expect(row?.toSpliced(5, 1)).toEqual(['2026-11-21', evil, true, null, '12.5', true]);
    expect(JSON.parse(row?.[5] as string)).toEqual({ a: [1, evil] });
    const { text } = await copied(query, parameters);
    expect(text.split('\n')[1]).toMatch(/^"2026-11-21",.*,"t",~,"12.5",.*,"t"$/);
    expect(text).toContain(`"${evil.replaceAll('"', '""')}"`);
  });
  it('refuses a value that does not fit, and characters that are no text', async () => {
    await expect(copied('select 1 where current_date = :day', { day: 'yesterday evening' })).rejects.toMatchObject({ code: 'sql.failed' });
    await expect(copied('select :a', { a: 'x\0y' })).rejects.toMatchObject({ code: 'sql.value' });
  });
  it('keeps types, NULLs, quotes, line ends and names that stand twice', async () => {
    const out =
      await copied(`select 1::int as a, 2::bigint as a, 1.50::numeric(10,2) as p, 1.1::numeric as free, null::text as n, '' as empty, E'a"b,\\r\\nc' as t,
      timestamp '2026-11-20 10:00:00.123456' as ts, timestamptz '2026-11-20 10:00+02' as tz, 'x'::bytea as b order by 1`);
    expect(out.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a INTEGER',
      'a_1 BIGINT',
      'p DECIMAL(10,2)',
      'free VARCHAR',
      'n VARCHAR',
      'empty VARCHAR',
      't VARCHAR',
      'ts TIMESTAMP',
      'tz TIMESTAMP WITH TIME ZONE',
      'b VARCHAR',
    ]);
    expect(out.text.slice(out.text.indexOf('\n') + 1)).toBe(
      '"1","2","1.50","1.1",~,"","a""b,\r\nc","2026-11-20 10:00:00.123456","2026-11-20 08:00:00+00","\\x78"\n',
    );
    expect(out.rows).toBe(1);
  });
  it('reads only: a query that changes something, and several statements, are refused', async () => {
    await admin.query('create table if not exists kept (id int)');
    await expect(copied('select 1; drop table kept')).rejects.toMatchObject({ code: 'sql.several' });
    await expect(copied(`with gone as (delete from kept returning id) select * from gone`)).rejects.toMatchObject({ code: 'sql.failed' });
    await admin.query(`create or replace function change() returns int language sql as 'insert into kept values (1) returning id'`);
    await expect(copied('select change()')).rejects.toMatchObject({ code: 'sql.read_only' });
    await expect(copied('delete from kept')).rejects.toMatchObject({ code: 'sql.failed' });
    expect((await admin.query('select 1 from kept')).rowCount).toBe(0);
  });
  it('stops a query on the server when its time is up, and when the run is cancelled', async () => {
    await expect(use((session) => session.execute(statement('select pg_sleep(60), 4711', {}, 300), { keep: 1 }))).rejects.toMatchObject({
      code: 'sql.query_timeout',
      retryable: true,
    });
    await expect.poll(() => running('4711')).toBe(0);
    const cancel = new AbortController();
    const query = use((session) => session.execute(statement('select pg_sleep(60), 4712'), { keep: 1 }), {}, cancel.signal);
    await expect.poll(() => running('4712')).toBe(1);
    cancel.abort(new Error('cancelled by somebody'));
    await expect(query).rejects.toThrow('cancelled by somebody');
    await expect.poll(() => running('4712')).toBe(0);
  });
  it('stops rows that are on their way', async () => {
    const cancel = new AbortController();
    const file = path.join(folder, 'endless.csv');
    let seen = 0;
    const onBytes = (bytes: number) => {
      seen = bytes;
      if (bytes > 1_000_000) cancel.abort(new Error('enough'));
    };
    const sql = `select generate_series(1, 100000000) as endless, repeat('x', 100)`;
    await expect(use((session) => session.copyOut(statement(sql), { file, nullText: '~', maxBytes: 1e12, onBytes }), {}, cancel.signal)).rejects.toThrow(
      'enough',
    );
    expect(seen).toBeGreaterThan(1_000_000);
    await expect.poll(() => running('endless')).toBe(0);
    const limited = use((session) => session.copyOut(statement(sql), { file: `${file}2`, nullText: '~', maxBytes: 500_000, onBytes: () => {} }));
    await expect(limited).rejects.toMatchObject({ code: 'sql.too_large' });
    await expect.poll(() => running('endless')).toBe(0);
  });
  it('is pooled by settings and secret, never more at once than allowed, and clean again', async () => {
    closeIdlePostgres();
    const pid = (session: SqlSession) => session.execute(statement('select pg_backend_pid(), current_setting(:name, true)', { name: 'my.note' }), { keep: 1 });
    const first = await use(async (session) => {
      await session.execute(statement(`select set_config('my.note', 'mine', false)`), { keep: 0 });
      return pid(session);
    });
    const second = await use(pid);
    expect(second.result?.rows[0]?.[0]).toBe(first.result?.rows[0]?.[0]);
    expect(first.result?.rows[0]?.[1]).toBe('mine');
    expect(['', null]).toContain(second.result?.rows[0]?.[1]);
    let at = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        use(
          async (session) => {
            most = Math.max(most, ++at);
            await session.execute(statement('select pg_sleep(0.05)'), { keep: 0 });
            at--;
          },
          { poolSize: 2 },
        ),
      ),
    );
    expect(most).toBe(2);
  });
});

describe('sql.execute', () => {
  it('runs statements in one transaction, with what each changed and the rows of the last', async () => {
    await admin.query('drop table if exists orders');
    const sql = `create table orders (id int primary key, note text); -- first; second
      insert into orders select n, 'a;b' from generate_series(1, 5) n; update orders set note = :note where id <= :upTo returning id, note`;
    await using outcome = await runStep(
      sqlExecute,
      { connection: 'trading', sql, parameters: { note: 'the.note' } },
      options({ parameters: { upTo: 2 }, expressions: { 'the.note': "it's; done" } }),
    );
    expect(outcome.result.value).toMatchObject({
      rowsAffected: 7,
      statements: [{ rowsAffected: null }, { rowsAffected: 5 }, { rowsAffected: 2 }],
      rows: [
        { id: 1, note: "it's; done" },
        { id: 2, note: "it's; done" },
      ],
      truncated: false,
    });
    const trace = newTrace();
    const failing = runStep(sqlExecute, { connection: 'trading', sql: 'delete from orders; select wrong from orders' }, options({ trace }));
    await expect(failing).rejects.toMatchObject({ code: 'sql.failed', message: expect.stringContaining('wrong'), retryable: false });
    expect((await admin.query('select 1 from orders')).rowCount).toBe(5);
  });
  it('cuts rows that are too many for a value, and changes nothing in a dry run', async () => {
    await using cut = await runStep(
      sqlExecute,
      { connection: 'trading', sql: `select repeat('x', 1000) as t from generate_series(1, 1000)`, maxRows: 1000 },
      options(),
    );
    expect(cut.result.value).toMatchObject({ truncated: true });
    expect(JSON.stringify(cut.result.value).length).toBeLessThan(64 * 1024);
    await using dry = await runStep(sqlExecute, { connection: 'trading', sql: 'drop table orders' }, options({ isDry: true }));
    expect(dry.logs.at(-1)?.text).toContain('Dry run: would run 1 statement on trading');
    expect((await admin.query('select 1 from orders')).rowCount).toBe(5);
  });
  it('says what went on at the same time may be tried again, and what is not allowed', async () => {
    await admin.query('create role sql_reader');
    await admin.query('begin; lock table orders');
    const locked = runStep(sqlExecute, { connection: 'trading', sql: `set local lock_timeout = '100ms'; delete from orders` }, options());
    await expect(locked).rejects.toMatchObject({ code: 'sql.busy', retryable: true });
    await admin.query('commit');
    const forbidden = runStep(sqlExecute, { connection: 'trading', sql: 'set local role sql_reader; select * from orders' }, options());
    await expect(forbidden).rejects.toMatchObject({ code: 'sql.refused', retryable: false });
    await admin.query('drop role sql_reader');
  });
});

describe('TLS', () => {
  it('is asked for as told, and the certificate is held against authority and host', async () => {
    const last = async (changes: Record<string, unknown>) => (await test(changes)).checks.findLast((check) => check.name === 'TLS');
    const other = await server.serveTls('localhost');
    await expect.poll(() => last({ tls: 'require' })).toMatchObject({ ok: true });
    expect(await last({ tls: 'verify-full' })).toMatchObject({ ok: false, hint: expect.stringContaining('authority') });
    expect(await last({ tls: 'verify-ca', ca: other })).toMatchObject({ ok: true });
    expect(await last({ tls: 'verify-full', ca: other })).toMatchObject({ ok: false, detail: expect.stringContaining(String(config['host'])) });
    const own = await server.serveTls(String(config['host']));
    await expect.poll(() => last({ tls: 'verify-full', ca: own })).toMatchObject({ ok: true });
    expect(await last({ tls: 'verify-full', ca: other })).toMatchObject({ ok: false });
  });
});

describe('sql.query in a run', () => {
  let bench: EngineBench;
  let stopRates = () => {};
  beforeAll(async () => {
    const rates = createServer(
      (_, response) => void response.setHeader('content-type', 'application/json').end('{"rates":[{"code":"00EUR","rate":1.25},{"code":"=USD","rate":1}]}'),
    );
    await new Promise<void>((resolve) => rates.listen(0, '127.0.0.1', resolve));
    stopRates = () => void rates.close();
    const api = { url: `http://127.0.0.1:${(rates.address() as net.AddressInfo).port}` };
    const open = async (_: string, slug: string) =>
      slug === 'api' ? { slug, type: 'http', config: api, secret: null, release: () => {} } : { slug, type: 'postgres', config, secret, release: () => {} };
    bench = await startEngineBench({
      steps: {},
      types: [sqlQuery, sqlExecute, httpRequest, tableRead, tableWrite, excelReport],
      connections: async () => ({ open, list: async () => [] }),
    });
  });
  afterAll(async () => {
    stopRates();
    await bench.close();
  });

  it('is a table with the types of the database, from parameters of the flow, written to a file', async () => {
    await admin.query(`create table trades as select n as id, date '2026-11-20' as trade_date, (n * 1.25)::numeric(12,2) as amount, case when n % 2 = 0 then null else '' end as note,
      timestamptz '2026-11-20 10:00+01' as at from generate_series(1, 1000) n`);
    const started = await bench.start(
      {
        parameters: { businessDate: { type: 'date' } },
        steps: {
          trades: {
            use: 'sql.query',
            with: {
              connection: 'trading',
              sql: 'select * from trades where trade_date = :businessDate and id <= :most order by id',
              parameters: { most: '3' },
            },
          },
          file: { use: 'table.write', from: 'trades', with: { name: 'trades.csv', format: 'csv' } },
          empty: { use: 'sql.query', with: { connection: 'trading', sql: 'select id, note from trades where false' } },
          none: { use: 'table.write', from: 'empty', with: { name: 'none.csv', format: 'csv' } },
        },
      },
      { businessDate: '2026-11-20' },
    );
    const ended = await bench.ended(started.id);
    expect(ended.steps.map(({ error }) => error)).toEqual([null, null, null, null]);
    const outputs = Object.fromEntries(ended.steps.map((step) => [step.step, step]));
    expect(outputs['trades']?.counts).toMatchObject({ rowsOut: 3, rejected: 0 });
    const file = outputs['file']?.files[0];
    const text = await readFile(await bench.objects.localPath(bench.actor.workspaceId, file?.sha256 as string), 'utf8');
    expect(text).toBe(
      'id,trade_date,amount,note,at\n1,2026-11-20,1.25,"",2026-11-20 09:00:00+00\n2,2026-11-20,2.50,,2026-11-20 09:00:00+00\n3,2026-11-20,3.75,"",2026-11-20 09:00:00+00\n',
    );
    expect(outputs['empty']?.counts).toMatchObject({ rowsOut: 0 });
  });

  it('goes with the answer of a service into one workbook', async () => {
    const document = {
      steps: {
        trades: { use: 'sql.query', with: { connection: 'trading', sql: 'select id, amount, trade_date, at from trades order by id limit 5' } },
        call: {
          use: 'http.request',
          with: { connection: 'api', items: 'rates', expect: { where: 'response.status == 200 && size(response.body.rates) == 2' } },
        },
        rates: { use: 'table.read', from: 'call', with: { format: 'json' } },
        book: { use: 'report.excel', from: { trades: 'trades', rates: 'rates' }, with: { fileName: 'day.xlsx' } },
      },
    };
    const ended = await bench.ended((await bench.start(document)).id);
    expect(ended.steps.map(({ error }) => error)).toEqual([null, null, null, null]);
    const file = ended.steps.find(({ step }) => step === 'book')?.files[0];
    const { sheets } = await readXlsx(new Uint8Array(await readFile(await bench.objects.localPath(bench.actor.workspaceId, file?.sha256 as string))));
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['trades', 6],
      ['rates', 3],
    ]);
    expect(sheets[0]?.rows[1]?.slice(0, 3)).toEqual([1, 1.25, new Date('2026-11-20')]);
    expect((sheets[0]?.rows[1]?.[3] as Date | undefined)?.toISOString()).toBe('2026-11-20T09:00:00.000Z');
    expect(sheets[1]?.rows.slice(1)).toEqual([
      ['00EUR', 1.25],
      ['=USD', 1],
    ]);
    const wrong = await bench.start({ steps: { call: { use: 'http.request', with: { connection: 'api', expect: { where: 'response.status == 201' } } } } });
    expect((await bench.ended(wrong.id)).steps[0]?.error).toMatchObject({ code: 'http.unexpected' });
  });

  it('fails with what the database says, and is stopped there with the run', async () => {
    const wrong = await bench.start({ steps: { a: { use: 'sql.query', with: { connection: 'trading', sql: 'select nothing\nfrom nowhere' } } } });
    expect((await bench.ended(wrong.id)).steps[0]?.error).toMatchObject({ code: 'sql.failed', message: expect.stringContaining('line 2') });
    const slow = await bench.start({ steps: { a: { use: 'sql.query', with: { connection: 'trading', sql: 'select pg_sleep(60), 4713' } } } });
    await expect.poll(() => running('4713')).toBe(1);
    await bench.runs.cancelRun(bench.actor, slow.id);
    await expect.poll(() => running('4713')).toBe(0);
    expect((await bench.ended(slow.id)).state).toBe('cancelled');
  });
});
