// Uploads and the buffer on real Postgres: nothing is lost, nothing is taken twice.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ColorColumns } from '@tidewheel/contract/color-columns';
import { permissions } from '@tidewheel/contract/route';
import type { Row } from '@tidewheel/kit/step-context';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { createLocalStore } from '../../../storage/objects/local-store.ts';
import type { ObjectStore } from '../../../storage/objects/object-store.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { listBuffer, removeRows, repairRows, restoreRows, summarizeBuffer, updateRow } from '../buffer/buffer.service.ts';
import { nextRows, takeRows } from '../buffer/take-rows.store.ts';
import { createSource, listVersions, updateSource } from '../columns/sources.service.ts';
import { syntheticColors } from '../synthetic/synthetic-colors.ts';
import { syntheticCsv, syntheticWorkbook } from '../synthetic/synthetic-files.ts';
import { zipBytes } from '../synthetic/zip-bytes.ts';
import { sendChunk } from './chunks.service.ts';
import { collectColors } from './collect.ts';
import { createLook } from './unread-uploads.ts';
import { beginUpload, downloadUpload, pasteColors, previewPaste, previewUpload, readUpload, showUpload, withdrawUpload } from './uploads.service.ts';
import { markFailed } from './uploads.store.ts';

let fresh: FreshDatabase;
let admin: Actor;
let folder: string;
let deps: { databases: FreshDatabase['databases']; objects: ObjectStore };
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-color-uploads-'));
  deps = { databases: fresh.databases, objects: await createLocalStore(folder) };
  admin = { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(async () => {
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await fresh.databases.engine.deleteFrom('color_buffer').execute();
  await fresh.databases.engine.deleteFrom('color_upload_chunk').execute();
  await fresh.databases.engine.deleteFrom('color_upload').execute();
});

const colors = [...syntheticColors({ seed: 5, days: 1, perDay: 300 })];
async function* bytes(content: Uint8Array | string) {
  yield Buffer.from(content as string);
}
async function upload(content: Uint8Array | string, more: { hold?: boolean; source?: string; name?: string } = {}) {
  const { name = 'run.xlsx', hold = false, ...how } = more;
  const whole = Buffer.from(content as string);
  const { id } = await beginUpload(deps, admin, { name, size: whole.length, hold, ...how });
  return sendChunk(deps, admin, { id, offset: 0, content: bytes(whole) });
}
const list = (query: Partial<Parameters<typeof listBuffer>[2]> = {}) => listBuffer(deps, admin, { which: 'free', limit: 200, ...query });
const code = (work: Promise<unknown> | (() => Promise<unknown>)) =>
  Promise.resolve()
    .then(() => (typeof work === 'function' ? work() : work))
    .then(
      () => 'done',
      (thrown: { code?: string }) => thrown.code ?? String(thrown),
    );

// First, for Postgres has not looked at the buffer yet.
it('marks what says the same in a fresh desk without comparing each row with each', async () => {
  // A regression: the first 300 rows of a product took 40 s, and 600 would have taken minutes.
  const quotes = Array.from({ length: 600 }, (_, at) => `037833100\t${90 + (at % 300) / 100}`);
  const text = `CUSIP\tPx\n${quotes.join('\n')}\n`;
  expect(await pasteColors(deps, admin, { text, title: '', date: '2026-11-20' })).toMatchObject({ rows: 600, duplicates: 300 });
});

describe('a line that names no CUSIP', () => {
  const known = async (cusip: string, { coupon, maturity, colors }: { coupon: number; maturity: string; colors: number }) =>
    fresh.databases.enginePool.query(
      `insert into color_security (workspace_id, security, cusip, ticker, coupon, maturity, colors, first_day, last_day) values ($1, $2, $2, 'KNO', $3, $4, $5, '2026-11-01', '2026-11-20')`,
      [admin.workspaceId, cusip, coupon, maturity, colors],
    );

  it('is matched with the bonds that were processed; several that fit are a doubt', async () => {
    await known('037833100', { coupon: 4.5, maturity: '2027-05-15', colors: 3 });
    await known('594918104', { coupon: 6, maturity: '2030-03-01', colors: 2 });
    await known('912828U81', { coupon: 6, maturity: '2030-09-01', colors: 9 });
    const text = 'KNO 4.5 27 98-1 / 98-5 5x5\nKNO 4.5 5/15/27 98 bid\nKNO 6 30 99 offer\nKNO 7 30 99 offer\nNEW 4.5 27 98 bid\n';
    const { rows, doubtful } = await previewPaste(deps, admin, { text });
    const shown = rows.map(({ color, doubts }) => [color.ticker, color.cusip, color.maturity, color.confidence, doubts['cusip']?.repair]);
    expect(shown).toEqual([
      ['KNO', '037833100', '2027-05-15', 0.9, undefined],
      ['KNO', '037833100', '2027-05-15', 0.9, undefined],
      ['KNO', '037833100', '2027-05-15', 0.95, undefined],
      ['KNO', null, null, 0.5, '912828U81'],
      ['KNO', null, null, 0.98, undefined],
      ['NEW', null, null, 0.98, undefined],
    ]);
    expect(rows[3]?.doubts['cusip']).toMatchObject({ was: 'KNO 6 2030: 912828U81, 594918104', confidence: 0.5 });
    expect(doubtful).toBe(1);
    expect(await pasteColors(deps, admin, { text, title: 'run' })).toMatchObject({ rows: 6, doubtful: 1 });
    expect(await repairRows(deps, admin, { field: 'cusip' })).toEqual({ changed: 1 });
    expect((await list()).items.filter(({ cusip }) => cusip !== null)).toHaveLength(4);
  });
});

describe('an upload', () => {
  it('is read into the buffer, kept as it came, and withdrawn while its rows are free', async () => {
    const file = syntheticWorkbook(colors, { titles: ['Morning (synthetic)'], numericCusips: true, hiddenSheet: true });
    const made = await upload(file);
    expect(made).toMatchObject({ state: 'ready', rows: 300, refused: 1, waiting: 300, received: file.length, error: null });
    expect(made.doubtful).toBeGreaterThan(10);
    expect(made.duplicates).toBeGreaterThan(0);
    expect(made.notes.join(' ')).toContain('hidden');
    const { stream } = await downloadUpload(deps, admin, made.id);
    expect(Buffer.concat(await Array.fromAsync(stream)).equals(file)).toBe(true);
    const { items, total } = await list();
    expect(total).toBe(300);
    expect(Object.keys(items[0]?.doubts ?? {})).not.toEqual([]);
    expect(await withdrawUpload(deps, admin, made.id)).toMatchObject({ state: 'withdrawn', waiting: 0 });
    expect((await list()).total).toBe(0);
  });

  it('comes in chunks, goes on after a break, and takes none twice', async () => {
    const file = syntheticCsv(colors);
    const { id } = await beginUpload(deps, admin, { name: 'run.csv', size: file.length, hold: false });
    const part = (from: number, to: number) => sendChunk(deps, admin, { id, offset: from, content: bytes(file.subarray(from, to)) });
    expect(await part(0, 1_000)).toMatchObject({ state: 'receiving', received: 1_000 });
    async function* breaks() {
      yield file.subarray(1_000, 1_500);
      throw new RangeError('the line went dead');
    }
    expect(await code(sendChunk(deps, admin, { id, offset: 1_000, content: breaks() }))).toContain('dead');
    expect((await showUpload(deps, admin, id)).received).toBe(1_000);
    expect(await part(0, 1_000)).toMatchObject({ received: 1_000 });
    expect(await code(part(2_000, 3_000))).toBe('color_upload.offset');
    expect(await code(sendChunk(deps, admin, { id, offset: 1_000, content: bytes(Buffer.concat([file, file])) }))).toBe('color_upload.chunk_too_large');
    const twice = await Promise.allSettled([part(1_000, 2_000), part(1_000, 2_000)]);
    expect(twice.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await part(2_000, file.length)).toMatchObject({ state: 'ready', rows: 300 });
    expect(await code(part(0, 10))).toBe('color_upload.whole');
    expect(Buffer.concat(await Array.fromAsync((await downloadUpload(deps, admin, id)).stream)).equals(file)).toBe(true);
  });

  it('with content that came before waits for an answer; what cannot be read says why and can be read again', async () => {
    const file = syntheticCsv(colors.slice(0, 20));
    const first = await upload(file);
    const second = await upload(file);
    expect(second).toMatchObject({ state: 'held', sameAs: first.id, waiting: 0 });
    const again = await readUpload(deps, admin, { id: second.id });
    expect(again).toMatchObject({ state: 'ready', rows: 20, duplicates: 20 });
    const failed = await upload(Buffer.from('504b0304aabbccdd', 'hex'));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'color.file_damaged' } });
    expect(await code(readUpload(deps, admin, { id: newId() }))).toBe('color_upload.unknown');
    expect(await readUpload(deps, admin, { id: failed.id })).toMatchObject({ state: 'failed' });
  });

  it('that a server was reading when it stopped has failed, and can be read again; what is being read has not', async () => {
    const { engine } = deps.databases;
    const file = syntheticCsv(colors.slice(0, 20));
    const [left, busy] = [await upload(file, { hold: true }), await upload(file, { hold: true })];
    await sql`update color_upload set state = 'reading'`.execute(engine);
    const look = createLook(deps.databases);
    const state = async ({ id }: { id: string }) => (await showUpload(deps, admin, id)).state;
    await engine.transaction().execute(async (trx) => {
      await sql`select 1 from color_upload where id = ${busy.id} for update`.execute(trx);
      await look();
      expect(await state(left)).toBe('reading');
      await look();
    });
    expect(await showUpload(deps, admin, left.id)).toMatchObject({ state: 'failed', error: { code: 'color_upload.broken_off' } });
    expect(await state(busy)).toBe('reading');
    expect(await readUpload(deps, admin, { id: left.id })).toMatchObject({ state: 'ready', rows: 20, error: null });
  });

  it.each<[string, () => Buffer, string]>([
    [
      'a password',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]),
      'color.file_protected',
    ],
    ['a zip bomb', () => zipBytes([{ name: 'xl/workbook.xml', content: Buffer.alloc(40 * 1024 ** 2) }]), 'color.file_bomb'],
    ['half of it', () => Buffer.from(syntheticWorkbook(colors).subarray(0, 5_000)), 'color.file_damaged'],
  ])('with %s fails plainly, brings nothing, and is withdrawn', async (_, content, expected) => {
    const failed = await upload(content());
    expect(failed).toMatchObject({ state: 'failed', rows: 0, error: { code: expected } });
    expect((await list()).total).toBe(0);
    expect(await withdrawUpload(deps, admin, failed.id)).toMatchObject({ state: 'withdrawn' });
  });

  it('with every habit of Excel at once is read whole, and says what was noticed', async () => {
    const habits = { titles: ['Synthetic'], from1904: true, textPrices: true, hiddenSheet: true, mergedDealers: true, macros: true };
    const made = await upload(syntheticWorkbook(colors, { ...habits, formulas: 'kept' }));
    expect(made).toMatchObject({ state: 'ready', error: null });
    expect(made.rows + made.refused).toBeGreaterThanOrEqual(300);
    const said = made.notes.join(' ');
    for (const part of ['hidden', '1904', 'macros', 'merged']) expect(said).toContain(part);
    const dates = new Set((await list()).items.map(({ date }) => date));
    expect([...dates].every((date) => colors.some((color) => color.date === date))).toBe(true);
  });

  it('is looked at before it is read, and read by the columns of a source, also when nobody names it', async () => {
    const columns = ColorColumns.parse({ fields: { ticker: 'Bond', px: 'Quote' }, fixed: { dealer: 'ALDR' } });
    await createSource(deps, admin, { slug: 'aldr', title: 'ALDR run', columns });
    const held = await upload('Bond;Quote;Note\nXYZ;98-5;firm\n', { hold: true, name: 'a.csv' });
    expect(held.state).toBe('held');
    const seen = await previewUpload(deps, admin, { id: held.id });
    expect(seen).toMatchObject({
      source: 'aldr',
      read: 1,
      rows: [{ color: { ticker: 'XYZ', px: 98.15625, dealer: 'ALDR', source: 'aldr', more: { Note: 'firm' } } }],
    });
    expect(await previewUpload(deps, admin, { id: held.id, columns: { ...columns, fields: { ticker: 'Note' } } })).toMatchObject({
      rows: [{ color: { ticker: 'firm', px: null } }],
    });
    expect((await list()).total).toBe(0);
    expect(await readUpload(deps, admin, { id: held.id })).toMatchObject({ state: 'ready', source: 'aldr', columnsVersion: 1 });
    await updateSource(deps, admin, { slug: 'aldr', title: 'ALDR run', columns: { ...columns, fixed: { dealer: 'BRCH' } }, version: 1 });
    expect(await code(updateSource(deps, admin, { slug: 'aldr', title: 'x', columns, version: 1 }))).toBe('color_source.changed');
    expect(await readUpload(deps, admin, { id: held.id, source: 'aldr' })).toMatchObject({ columnsVersion: 2, waiting: 1 });
    expect((await list()).items[0]?.dealer).toBe('BRCH');
    expect((await listVersions(deps, admin, 'aldr')).items.map(({ version }) => version)).toEqual([2, 1]);
  });
});

it('an attempt that failed says nothing of what somebody else read, or withdrew, meanwhile', async () => {
  const made = await upload('CUSIP,Px\n037833100,98.5\n', { name: 'a.csv' });
  const error = { code: 'color.unreadable', message: 'late', retryable: false };
  const fail = () => deps.databases.engine.transaction().execute((trx) => markFailed(trx, { workspaceId: fresh.workspaceId, id: made.id, error }));
  await fail();
  expect(await showUpload(deps, admin, made.id)).toMatchObject({ state: 'ready', rows: 1, error: null });
  await withdrawUpload(deps, admin, made.id);
  await fail();
  expect(await showUpload(deps, admin, made.id)).toMatchObject({ state: 'withdrawn' });
});

describe('the buffer', () => {
  const paste = (text: string) => pasteColors(deps, admin, { text, title: '', date: '2026-11-20' });
  it('takes pastes, shows doubts first, and repairs, edits, removes and restores rows', async () => {
    expect(await previewPaste(deps, admin, { text: 'XYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120' })).toMatchObject({ kind: 'lines', read: 2 });
    expect(await paste('CUSIP\tPx\tDealer\n37833100\t98.5\tALDR\n037833100\t98.75\tBRCH\n37833100\t99\t\u0000x\n')).toMatchObject({
      state: 'ready',
      rows: 3,
      doubtful: 2,
    });
    const summary = await summarizeBuffer(deps, admin);
    expect(summary).toMatchObject({ free: 3, doubtful: 2, repairs: [{ field: 'cusip', rows: 2, offered: 2 }] });
    expect((await list({ doubt: 'cusip' })).total).toBe(2);
    expect(await repairRows(deps, admin, { field: 'cusip', why: summary.repairs[0]?.why })).toEqual({ changed: 2 });
    const { items } = await list({ search: '037833' });
    expect(items.map(({ cusip, doubts }) => [cusip, doubts])).toEqual([
      ['037833100', {}],
      ['037833100', {}],
      ['037833100', {}],
    ]);
    const [one] = items as [(typeof items)[0]];
    const change = { id: one.id, revision: one.revision, settled: [] };
    expect(await updateRow(deps, admin, { ...change, fields: { px: '98-16+', bias: 'offer' } })).toMatchObject({
      px: 98.515625,
      bias: 'offer',
      revision: one.revision + 1,
    });
    expect(await code(updateRow(deps, admin, { ...change, fields: { px: '97' } }))).toBe('color_buffer.changed');
    expect(await code(updateRow(deps, admin, { ...change, revision: one.revision + 1, fields: { cusip: '12' } }))).toBe('color_buffer.value');
    expect(await removeRows(deps, admin, { ids: [one.id, newId()] })).toEqual({ changed: 1 });
    expect((await list()).total).toBe(2);
    expect((await list({ which: 'removed' })).items[0]).toMatchObject({ removedBy: 'ann@example.com' });
    expect(await code(updateRow(deps, admin, { ...change, revision: one.revision + 2, fields: {} }))).toBe('color_buffer.removed');
    expect(await restoreRows(deps, admin, { ids: [one.id] })).toEqual({ changed: 1 });
    expect((await list()).total).toBe(3);
  });

  it('says of which rows a repair was accepted, and of no others', async () => {
    await paste('CUSIP\tPx\n37833100\t98.5\n37833100\t98.75\n37833100\t99\n');
    const [first, ...others] = (await list()).items.map(({ id }) => id);
    const { engine } = deps.databases;
    await sql`update color_buffer set doubts = jsonb_set(doubts, '{cusip,repair}', '"no CUSIP"') where id = ${first}`.execute(engine);
    expect(await repairRows(deps, admin, { field: 'cusip' })).toEqual({ changed: 2 });
    const { rows } = await sql<{ after: { rows: number; ids: string[] } }>`select body::jsonb -> 'after' as after from audit_entry
      where action = 'color.repaired' order by id desc limit 1`.execute(engine);
    expect(rows[0]?.after).toMatchObject({ rows: 2, ids: others });
  });

  it('marks what says the same, and takes duplicates out at once', async () => {
    await paste('CUSIP\tPx\n037833100\t98.5\n037833100\t98.5\n037833100\t98.6\n');
    await paste('CUSIP\tPx\n037833100\t98.50\n');
    expect(await summarizeBuffer(deps, admin)).toMatchObject({ free: 4, duplicates: 2 });
    expect(await removeRows(deps, admin, { duplicates: true })).toEqual({ changed: 2 });
  });

  it('needs its permissions and stays in its workspace', async () => {
    const reader: Actor = { ...admin, permissions: new Set(['color.read']) };
    expect(await code(() => pasteColors(deps, reader, { text: 'x', title: '' }))).toBe('permission.missing');
    expect(await code(() => removeRows(deps, reader, { duplicates: true }))).toBe('permission.missing');
    expect(await code(() => listBuffer(deps, { ...admin, permissions: new Set() }, { which: 'all', limit: 1 }))).toBe('permission.missing');
    const { id } = await paste('CUSIP\tPx\n037833100\t98.5\n');
    const workspaceId = newId();
    await fresh.databases.engine
      .insertInto('workspace')
      .values({ id: workspaceId, slug: `other-${workspaceId.slice(-6)}`, title: 'Other' })
      .execute();
    const stranger = { ...admin, workspaceId };
    expect((await listBuffer(deps, stranger, { which: 'all', limit: 1 })).total).toBe(0);
    expect(await code(withdrawUpload(deps, stranger, id))).toBe('color_upload.unknown');
  });
});

interface PlanNode {
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: PlanNode[];
}
/** How many rows, and pairs of rows, a statement looked at. */
function touched(node: PlanNode | undefined): number {
  if (!node) return 0;
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  return (node.Plans ?? []).reduce((sum, below) => sum + touched(below), each * node['Actual Loops']);
}

describe('what a run does with it', () => {
  let flow: { id: string; version: string };
  beforeAll(async () => {
    flow = { id: newId(), version: newId() };
    const pool = fresh.databases.enginePool;
    const { workspaceId } = fresh;
    await pool.query(`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values ($1, $2, 'colors', 'Colors', 'color', 1, 1)`, [
      workspaceId,
      flow.id,
    ]);
    await pool.query(
      `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', '{}', '', 'test')`,
      [workspaceId, flow.version, flow.id],
    );
  });
  const run = async () => {
    const id = newId();
    await fresh.databases.enginePool.query(
      `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'running', '{}', 'test', now(), current_date)`,
      [fresh.workspaceId, id, flow.id, flow.version],
    );
    return id;
  };
  const end = (id: string) => fresh.databases.enginePool.query(`update run set state = 'failed' where id = $1`, [id]);
  const wanted = { isDry: false, leaveDoubtful: false, leaveDuplicates: true, sources: [] as string[] };
  const take = async (runId: string, more: Partial<typeof wanted & { step: string }> = {}) => {
    const rows: Row[] = [];
    for await (const batch of takeRows(fresh.databases, { workspaceId: fresh.workspaceId, runId, step: 'take', ...wanted, ...more })) rows.push(...batch);
    return rows;
  };
  const fill = (from: number, to: number) => upload(syntheticCsv(colors.slice(from, to)), { name: `${from}.csv` });

  it('two that race get every row once; the one that lost finds what came later', async () => {
    await fill(0, 250);
    const runs = await Promise.all([run(), run(), run()]);
    const taken = await Promise.all(runs.map((id) => take(id, { leaveDuplicates: false })));
    expect(taken.map((rows) => rows.length).sort((one, other) => one - other)).toEqual([0, 0, 250]);
    await fill(250, 300);
    const loser = runs[taken.findIndex((rows) => rows.length === 0)] as string;
    expect(await take(loser, { leaveDuplicates: false })).toHaveLength(50);
  });

  it('the same rows for every attempt, back again when it ends without keeping, gone when it keeps', async () => {
    await fill(0, 100);
    const [first, second] = [await run(), await run()];
    const rows = await take(first);
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['date', 'cusip', 'px', 'more']));
    await fill(100, 120);
    expect(await take(first)).toEqual(rows);
    expect(await take(second, { leaveDuplicates: false })).toHaveLength(20);
    expect((await list()).total).toBe(0);
    expect((await list({ which: 'taken' })).total).toBe(120);
    expect(await code(removeRows(deps, admin, { duplicates: true }))).toBe('done');
    const [held] = (await list({ which: 'taken' })).items;
    expect(await code(withdrawUpload(deps, admin, held?.upload ?? ''))).toBe('color_upload.taken');
    await end(first);
    expect((await list()).total).toBe(100);
    const third = await run();
    expect(await take(third)).toEqual(rows);
    // As color.keep does in the transaction that keeps them.
    await fresh.databases.engine.deleteFrom('color_buffer').where('taken_by_run', '=', third).execute();
    expect((await list()).total).toBe(0);
    expect(await code(withdrawUpload(deps, admin, held?.upload ?? ''))).toBe('color_upload.processed');
  });

  it('without comparing each row with each', async () => {
    // A regression: 11,000 rows were three minutes on their way out of the buffer, and 22,000 would have been twelve.
    const most = 3_000;
    const lines = Array.from({ length: most }, (_, at) => `594918104\t${90 + at / 1_000}`);
    await pasteColors(deps, admin, { text: `CUSIP\tPx\n${lines.join('\n')}\n`, title: '', date: '2026-11-20' });
    // Its statistics are of before anything was taken, as they always are.
    const owner = new pg.Client({ connectionString: fresh.address.ownerUrl });
    await owner.connect();
    await owner.query('analyze color_buffer');
    await owner.end();
    const runId = await run();
    const first = takeRows(fresh.databases, { workspaceId: fresh.workspaceId, runId, step: 'take', ...wanted });
    await first.next();
    await first.return(undefined);
    const page = nextRows({ workspaceId: fresh.workspaceId, runId, step: 'take', ...wanted }, '00000000-0000-0000-0000-000000000000');
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`explain (analyze, format json) ${page}`.execute(fresh.databases.engine);
    expect(touched(rows[0]?.['QUERY PLAN'][0].Plan)).toBeLessThan(20 * most);
    expect(await take(runId)).toHaveLength(most);
  });

  it('leaves what it is told to leave, and a dry run holds nothing', async () => {
    await pasteColors(deps, admin, { text: 'CUSIP\tPx\n37833100\t98.5\n037833100\t98.5\n037833100\t98.5\n', title: '', date: '2026-11-20' });
    const [dry, real] = [await run(), await run()];
    expect(await take(dry, { isDry: true, leaveDoubtful: true })).toHaveLength(1);
    expect(await take(real, { leaveDoubtful: true })).toMatchObject([{ date: '2026-11-20', cusip: '037833100', px: '98.5', more: '{}' }]);
    expect((await list()).total).toBe(1);
    expect(await take(dry, { step: 'other', sources: ['nobody'] })).toEqual([]);
  });

  it('collects a file once, however often it is tried, and not what came before', async () => {
    const object = await deps.objects.put(fresh.workspaceId, bytes(syntheticCsv(colors.slice(0, 30))));
    const file = { kind: 'file', name: 'a.csv', mediaType: 'text/csv', ...object } as const;
    const collecting = {
      workspaceId: fresh.workspaceId,
      runId: await run(),
      step: 'collect',
      by: 'flow',
      date: '2026-11-20',
      title: 'a.csv',
      source: null,
      again: false,
    };
    const made = await collectColors(deps, collecting, { file });
    expect(made).toMatchObject({ rows: 30, sameAs: null });
    expect(await collectColors(deps, collecting, { file })).toEqual(made);
    const other = { ...collecting, runId: await run() };
    expect(await collectColors(deps, other, { file })).toMatchObject({ rows: 0, sameAs: 'a.csv' });
    expect(await collectColors(deps, { ...other, again: true }, { file })).toMatchObject({ rows: 30, duplicates: 30 });
    async function* rows() {
      yield [{ Bond: 'XYZ', Quote: 98.5, Note: null }];
    }
    const table = { sha256: 'a'.repeat(64), columns: ['Bond', 'Quote', 'Note'], rows };
    expect(await collectColors(deps, { ...other, step: 'rows', source: 'aldr' }, { table })).toMatchObject({ rows: 1 });
    expect(await code(collectColors(deps, { ...other, step: 'more', source: 'nobody' }, { table }))).toBe('color_source.unknown');
    expect((await list()).total).toBe(61);
  });
});
