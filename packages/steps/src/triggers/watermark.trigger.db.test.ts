// New rows of a real Postgres: once for all of them, with the mark of before and of now.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeIdlePostgres } from '../connectors/postgres.connector.ts';
import { startPostgresServer, type TestPostgresServer } from '../sql/testing/postgres-server.ts';
import { TriggerBed } from './testing/trigger-context.ts';
import { compareMarks, watermarkTrigger } from './watermark.trigger.ts';

let server: TestPostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
  await server.admin.query('create table trades (id bigserial primary key, at timestamptz not null default now())');
  await server.admin.query('grant select on trades to public');
});
afterAll(async () => {
  closeIdlePostgres();
  await server[Symbol.asyncDispose]();
});

const insert = (count: number) => server.admin.query('insert into trades select from generate_series(1, $1)', [count]);
const bed = (config: object = {}) =>
  new TriggerBed(watermarkTrigger, {
    config: { connection: 'trading', query: 'select id from trades where id > :mark order by id', column: 'id', start: 0, ...config },
    connection: { type: 'postgres', config: server.config, secret: server.secret },
  });

it('fires once for the rows above the mark, and again only for newer ones', async () => {
  const watched = bed();
  expect((await watched.look()).findings).toEqual([]);
  await insert(3);
  expect(await watched.test()).toMatchObject({ ok: true, summary: expect.stringContaining('3 rows are above it') });
  expect((await watched.look({ dies: true })).findings).toMatchObject([{ title: '3 new rows, up to 3', event: { from: 0, rows: 3 } }]);
  expect((await watched.look()).findings).toMatchObject([{ event: { rows: 3 } }]);
  expect((await watched.look()).findings).toEqual([]);
  await insert(1);
  // The ids are bigint, which the driver gives as text: a parameter that is a whole number takes them.
  expect((await watched.look()).findings).toMatchObject([{ event: { from: 3, to: 4 } }]);
  expect((await bed({ start: '3' }).look()).findings).toMatchObject([{ event: { from: 3, to: 4 } }]);
});

it('takes so many rows at a look, and looks again for the others', async () => {
  const watched = bed({ maxRows: 2, start: 0 });
  const looks = [await watched.look(), await watched.look()];
  expect(looks.map(({ findings, more }) => [findings[0]?.event['rows'], more])).toEqual([
    [2, true],
    [2, false],
  ]);
});

it('keeps a mark that is a time', async () => {
  const watched = bed({ query: 'select at from trades where at > :mark order by at', column: 'at', start: '2020-01-01T00:00:00Z' });
  expect((await watched.look()).findings).toHaveLength(1);
  expect((await watched.look()).findings).toEqual([]);
});

it('a mark that goes back, a missing column and a query that is none are failures, not runs', async () => {
  await expect(bed({ query: 'select id from trades where id > 0 or id > :mark', start: 100 }).look()).rejects.toMatchObject({ code: 'trigger.mark_back' });
  await expect(bed({ column: 'nothing' }).look()).rejects.toMatchObject({ code: 'trigger.no_mark', hint: 'It gives id.' });
  await expect(bed({ query: 'select nothing from :mark' }).look()).rejects.toMatchObject({ status: 400 });
  await expect(bed({ query: 'delete from trades where id > :mark returning id' }).look()).rejects.toMatchObject({ status: expect.any(Number) });
  expect((await server.admin.query('select count(*)::int as n from trades')).rows).toEqual([{ n: 4 }]);
});

it('marks are compared as numbers, as times, else as texts', () => {
  expect([compareMarks('9', '10'), compareMarks(9.5, '9.25'), compareMarks('9007199254740993', '9007199254740992')].map(Math.sign)).toEqual([-1, 1, 1]);
  expect(Math.sign(compareMarks('2026-01-02T00:00:00+02:00', '2026-01-01T23:00:00Z'))).toBe(-1);
  expect([compareMarks('a', 'b'), compareMarks('b', 'a'), compareMarks('a', 'a')]).toEqual([-1, 1, 0]);
});
