// What is kept of a processing, on Postgres: once, whole, and with the reason of every row.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { permissions } from '@tidewheel/contract/route';
import type { Row } from '@tidewheel/kit/step-context';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { dateInZone } from '../../../base/clock.ts';
import { newId } from '../../../base/ids.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { limitedActor } from '../../../testing/limited-actor.ts';
import { removeRows } from '../buffer/buffer.service.ts';
import { showDashboard } from '../dashboard/dashboard.service.ts';
import { deskDay } from '../desk-day.store.ts';
import { saveDeskFlow } from '../sessions/desk-flow.store.ts';
import { type Keeping, keepColors } from './keep-colors.ts';
import { explainColor, listColors, listProcessings, showProcessing } from './processings.service.ts';

let fresh: FreshDatabase;
let admin: Actor;
beforeAll(async () => {
  fresh = await freshDatabase();
  admin = { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(() => fresh?.drop());

const [stale, cheap] = [newId(), newId()];
const ruleSet: ColorRuleSet = {
  rules: [
    { id: stale, kind: 'exclude', title: 'Stale', condition: { field: 'date', operator: 'less', value: 'today-5' }, color: null, revision: 1 },
    { id: cheap, kind: 'color', title: 'Cheap', condition: { field: 'px', operator: 'less', value: 90 }, color: 'green', revision: 2 },
  ],
  order: { date: 'desc', rank: 'asc', px: 'desc' },
};
const row = (more: Row): Row => ({ date: '2026-03-02', cusip: '037833100', source: 'mail', more: '{"Note":"x"}', excludedBy: null, ...more });
const ranked: Row[] = [
  row({ position: 2, family: 1, child: 1, rank: 3, px: '99.250000' }),
  row({ position: 1, family: 1, child: 0, rank: 1, px: '98.5', issuer: 'Müller_100% AG' }),
  row({ position: 3, family: 2, child: 0, rank: 1, cusip: '594918104', px: '88', color: 'green', colorBy: cheap, source: null }),
  row({ date: '2026-01-02', excludedBy: stale, position: null, family: null, child: null }),
];
async function* inBatches(rows: Row[]) {
  for (const one of rows) yield [one];
}
const keeping = (more: Partial<Keeping> = {}): Keeping => ({
  workspaceId: fresh.workspaceId,
  runId: newId(),
  step: 'keep',
  kind: 'automatic',
  sessionId: null,
  date: '2026-03-02',
  ruleSet,
  startedAt: new Date(),
  by: 'ann@example.com',
  ...more,
});
const keep = (what: Keeping, rows = ranked) => keepColors(fresh.databases, { ...what, rows: inBatches(rows) });
const all = { which: 'all', limit: 50 } as const;
/** A run of a flow that has its days there. */
async function runIn(timeZone: string): Promise<{ run: string; flow: string }> {
  const { enginePool } = fresh.databases;
  const [flow, version, run] = [newId(), newId(), newId()];
  await enginePool.query(
    `insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values ($1, $2, 'evening', 'Evening', 'color', 1, 1)`,
    [fresh.workspaceId, flow],
  );
  await enginePool.query(
    `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', $4, '', 'ann')`,
    [fresh.workspaceId, version, flow, { timeZone }],
  );
  await enginePool.query(
    `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'succeeded', '{}', 'ann', now(), current_date)`,
    [fresh.workspaceId, run, flow, version],
  );
  return { run, flow };
}

describe('a processing', () => {
  it('keeps its rows in the order of the sheet, the excluded ones behind, and counts what each rule did', async () => {
    const { number } = await keep(keeping());
    const { items, total } = await listColors({ databases: fresh.databases }, admin, { ...all, number });
    expect(total).toBe(4);
    expect(items.map(({ line, position, rank, px, excludedBy }) => [line, position, rank, px, excludedBy])).toEqual([
      [1, 1, 1, 98.5, null],
      [2, 2, 3, 99.25, null],
      [3, 3, 1, 88, null],
      [4, null, null, null, stale],
    ]);
    expect(items[0]).toMatchObject({ date: '2026-03-02', more: { Note: 'x' }, issuer: 'Müller_100% AG' });
    expect(await showProcessing({ databases: fresh.databases }, admin, number)).toMatchObject({
      taken: 4,
      excluded: 1,
      kept: 3,
      families: 2,
      bySource: { mail: 2, '': 1 },
      byRule: [
        { rule: stale, title: 'Stale', rows: 1 },
        { rule: cheap, title: 'Cheap', rows: 1 },
      ],
    });
  });

  it('is kept once for each run and step, also by two at once', async () => {
    const what = keeping();
    const kept = await Promise.all([keep(what), keep(what), keep(what)]);
    expect(new Set(kept.map(({ id }) => id)).size).toBe(1);
    const other = await keep({ ...what, step: 'other' });
    expect(other.number).toBe((kept[0]?.number ?? 0) + 1);
    expect((await listColors({ databases: fresh.databases }, admin, { ...all, number: kept[0]?.number ?? 0 })).total).toBe(4);
  });

  it('of a repeated run is through with what the first one took, and keeps nothing of what another has since', async () => {
    const { enginePool: pool } = fresh.databases;
    const upload = newId();
    await pool.query(`insert into color_upload (workspace_id, id, kind, title, state, created_by) values ($1, $2, 'paste', 'a', 'ready', 'ann')`, [
      fresh.workspaceId,
      upload,
    ]);
    const wait = (run: string) =>
      pool.query(
        `insert into color_buffer (workspace_id, id, upload_id, line, date, sameness, taken_by_run, taken_by_step) values ($1, $2, $3, 1, '2026-03-02', 'x', $4, 'take')`,
        [fresh.workspaceId, newId(), upload, run],
      );
    const reuses = (run: string, from: string) =>
      pool.query(
        `insert into step_run (workspace_id, run_id, step_id, use, state, attempt, output, reused_from) values ($1, $2, 'take', 'color.take', 'succeeded', 0, '{"table": {"rows": 2}}', $3)`,
        [fresh.workspaceId, run, from],
      );
    const [first, second, third, late] = [newId(), newId(), newId(), newId()];
    for (const run of [first, first]) await wait(run);
    await reuses(second, first);
    await reuses(third, second);
    const { number } = await keep(keeping({ runId: third }));
    expect((await pool.query('select 1 from color_buffer where upload_id = $1', [upload])).rowCount).toBe(0);
    // Which lines they were is on record, or a restore would bring them back to be processed again.
    expect((await pool.query('select lines::text as lines from color_consumed where upload_id = $1', [upload])).rows).toEqual([{ lines: '{[1,2)}' }]);
    await reuses(late, first);
    await wait(newId());
    await expect(keep(keeping({ runId: late }))).rejects.toMatchObject({ code: 'color.taken_since', status: 409 });
    expect((await keep(keeping({ runId: third }))).number).toBe(number);
    // A run that failed let two rows go; a person took one of them out.
    const [failed, again] = [newId(), newId()];
    for (const run of [failed, failed]) await wait(run);
    const { rows } = await pool.query<{ id: string }>('select id from color_buffer where taken_by_run = $1', [failed]);
    expect(await removeRows({ databases: fresh.databases }, admin, { ids: [rows[0]?.id as string] })).toEqual({ changed: 1 });
    await reuses(again, failed);
    await expect(keep(keeping({ runId: again }))).rejects.toMatchObject({ code: 'color.taken_since' });
    expect((await pool.query('select 1 from color_buffer where upload_id = $1 and taken_by_run is null', [upload])).rowCount).toBe(2);
  });

  it('keeps nothing of rows that were not ranked, and says so', async () => {
    const before = (await listProcessings({ databases: fresh.databases }, admin, { limit: 1 })).total;
    await expect(keep(keeping(), [...ranked, row({ position: null })])).rejects.toMatchObject({ code: 'color.not_ranked' });
    await expect(keep(keeping(), [row({ date: null })])).rejects.toMatchObject({ code: 'color.not_ranked' });
    expect((await listProcessings({ databases: fresh.databases }, admin, { limit: 1 })).total).toBe(before);
  });

  it('says why a row is where it is', async () => {
    const { number } = await keep(keeping());
    const why = async (line: number) => (await explainColor({ databases: fresh.databases }, admin, { number, line })).reasons.map(({ text }) => text);
    expect(await why(1)).toEqual(['The parent of CUSIP 037833100: the first of its rows.', expect.stringContaining('First of all'), expect.any(String)]);
    expect(await why(2)).toEqual(
      expect.arrayContaining([expect.stringContaining('Child 1 of line 1'), 'Below its parent: its Rank 3 comes after 1 (lowest first).']),
    );
    expect(await why(3)).toEqual(
      expect.arrayContaining(['Below the family of line 1: its PX 88 comes after 98.5 (highest first).', expect.stringContaining('Coloured by “Cheap”')]),
    );
    expect(await why(4)).toEqual([expect.stringContaining('Excluded by “Stale”')]);
    await expect(why(5)).rejects.toMatchObject({ code: 'color.unknown', status: 404 });
  });

  it('is added up for the dashboard: what was kept, by type, source and sector, with its mean price', async () => {
    const date = new Date().toISOString().slice(0, 10);
    const deps = { databases: fresh.databases };
    const before = await showDashboard(deps, admin, { days: 1 });
    const { number } = await keep(keeping({ date }), [
      row({ position: 1, family: 1, child: 0, px: '98', size: '2', bias: 'bid', sector: 'Banks', market: 'IG' }),
      row({ position: 2, family: 1, child: 1, px: '99', size: '3', bias: 'offer', sector: 'Banks', market: 'IG' }),
      row({ excludedBy: stale, position: null, size: '100', bias: 'bid' }),
    ]);
    const after = await showDashboard(deps, admin, { days: 1 });
    expect(after.today).toMatchObject({
      day: date,
      colors: before.today.colors + 2,
      excluded: before.today.excluded + 1,
      processings: before.today.processings + 1,
    });
    expect(after.volume).toContainEqual({ sector: 'Banks', market: 'IG', colors: 2, volume: 5 });
    expect(after.byBias).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'bid', volume: 2 }), expect.objectContaining({ name: 'offer', volume: 3 })]),
    );
    expect(after.prices).toEqual([{ day: date, colors: 2, px: 98.5 }]);
    expect(after.months[0]).toMatchObject({ month: date.slice(0, 7), volume: 5 });
    expect(after.times.at(-1)).toMatchObject({ number, taken: 3 });
    const elsewhere = await showDashboard(deps, { ...admin, workspaceId: newId() }, { days: 1 });
    expect(elsewhere).toMatchObject({ colors: 0, byBias: [], times: [] });
  });

  it('counts as today’s where its flow is, whatever day it is in UTC', async () => {
    // It ran on the evening of a desk, when UTC was a day ahead: the dashboard had nothing of today.
    const now = new Date();
    const timeZone = now.getUTCHours() < 11 ? 'Pacific/Niue' : 'Pacific/Kiritimati';
    const date = dateInZone(now, timeZone);
    expect(date).not.toBe(now.toISOString().slice(0, 10));
    const deps = { databases: fresh.databases };
    const { today } = await showDashboard(deps, admin, { days: 1 });
    const { run, flow } = await runIn(timeZone);
    const { workspaceId } = fresh;
    const dayWith = (flowId: string | null, revision: number) =>
      inWorkspace(fresh.databases.app, workspaceId, async (trx) => {
        expect(await saveDeskFlow(trx, { workspaceId, flowId, revision, by: 'ann' })).toBe(true);
        return deskDay(trx);
      });
    expect(await dayWith(flow, 0)).toBe(date);
    expect(await dayWith(null, 1)).toBe(now.toISOString().slice(0, 10));
    await keep(keeping({ date, runId: run }));
    const shown = await showDashboard(deps, admin, { days: 1 });
    expect(shown).toMatchObject({ from: date, to: date, colors: 3, today: { day: date, timeZone, colors: 3, excluded: 1, processings: 1 } });
    expect(today.timeZone).toBe('UTC');
  });

  it('is found by kind and day, its rows by rule and text', async () => {
    const { number } = await keep(keeping({ kind: 'manual', date: '2027-05-01' }));
    const found = await listProcessings({ databases: fresh.databases }, admin, { kind: 'manual', from: '2027-05-01', to: '2027-05-31', limit: 10 });
    expect(found.items.map((one) => one.number)).toEqual([number]);
    const lines = async (filter: object) =>
      (await listColors({ databases: fresh.databases }, admin, { ...all, number, ...filter })).items.map(({ line }) => line);
    expect(await lines({ which: 'kept' })).toEqual([1, 2, 3]);
    expect(await lines({ which: 'excluded' })).toEqual([4]);
    expect(await lines({ rule: cheap })).toEqual([3]);
    expect(await lines({ search: '5949' })).toEqual([3]);
    expect(await lines({ search: '_100%' })).toEqual([1]);
  });

  it('is seen by who may, of the own workspace alone', async () => {
    const { number } = await keep(keeping());
    const outsider = { ...admin, workspaceId: newId() };
    await expect(showProcessing({ databases: fresh.databases }, outsider, number)).rejects.toMatchObject({ status: 404 });
    expect(() =>
      showProcessing({ databases: fresh.databases }, limitedActor(fresh.workspaceId, { rules: [{ effect: 'allow', permissions: ['flow.read'] }] }), number),
    ).toThrow();
  });
});
