// Sessions on Postgres and the real table engine: ranked as in a run, changed without lost updates, undone, and kept exactly once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SessionAction, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import type { AppError } from '@tidewheel/contract/errors';
import { permissions } from '@tidewheel/contract/route';
import type { Row } from '@tidewheel/kit/step-context';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { createLogger } from '../../../base/logger.ts';
import { createTableEngine } from '../../../storage/tables/create-table-engine.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { keepColors } from '../processing/keep-colors.ts';
import { createRule } from '../rules/rules.service.ts';
import { changeSessionRows } from './change-session.ts';
import { explainSessionRow } from './explain-row.ts';
import { findSessionOfRun, noteRun, takeSessionRows } from './process-session.store.ts';
import {
  discardSession,
  listEntries,
  listRows,
  listSessions,
  meetOthers,
  rankSession,
  type SessionDeps,
  showSession,
  startSession,
  updateSession,
} from './sessions.service.ts';
import { redoChange, undoChange } from './undo-change.ts';

let fresh: FreshDatabase;
let deps: SessionDeps & { tables: ReturnType<typeof createTableEngine> };
let ann: Actor;
let bob: Actor;
let folder: string;
let cheap: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-sessions-'));
  const tables = createTableEngine({ processes: 1, memoryLimit: '256MB', threads: 1, scratch: folder, log: createLogger({ role: 'test', level: 'silent' }) });
  deps = { databases: fresh.databases, tables };
  const person = { workspaceId: fresh.workspaceId, role: 'operator', permissions: new Set(permissions.filter((each) => each !== 'desk.edit')) } as const;
  ann = { ...person, userId: newId(), label: 'ann@example.com' };
  bob = { ...person, userId: newId(), label: 'bob@example.com' };
  const desk = { ...ann, permissions: new Set(permissions) };
  const rule = { note: '', active: true, allowsAll: true };
  ({ id: cheap } = await createRule(deps, desk, {
    ...rule,
    kind: 'exclude',
    title: 'Cheap',
    condition: { field: 'px', operator: 'less', value: 50 },
    color: null,
  }));
  await createRule(deps, desk, { ...rule, kind: 'color', title: 'Dear', condition: { field: 'px', operator: 'atLeast', value: 100 }, color: 'green' });
});
afterAll(async () => {
  await deps?.tables.close();
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});

const bonds = { apple: '037833100', micro: '594918104', other: '17275R102' };
type Given = [bond: keyof typeof bonds, rank: number, px: number];
const morning: Given[] = [
  ['micro', 1, 99],
  ['apple', 2, 97],
  ['apple', 1, 101],
  ['other', 3, 10],
  ['apple', 3, 40],
];
/** In the order of the sheet: apple 101, apple 97, micro 99; out: apple 40 behind its family, other 10 last. */
const ranked = ['apple 101', 'apple 97', '(apple 40)', 'micro 99', '(other 10)'];

async function wait(rows: Given[]): Promise<void> {
  const { enginePool: pool } = fresh.databases;
  const upload = newId();
  await pool.query(`insert into color_upload (workspace_id, id, kind, title, state, created_by) values ($1, $2, 'paste', 'a', 'ready', 'ann')`, [
    ann.workspaceId,
    upload,
  ]);
  for (const [line, [bond, rank, px]] of rows.entries())
    await pool.query(
      `insert into color_buffer (workspace_id, id, upload_id, line, date, cusip, ticker, rank, px, more, doubts, sameness)
       values ($1, $2, $3, $4, '2026-11-20', $5, $6, $7, $8, '{"Desk":"x"}', '{"px":{"was":"?","why":"w","confidence":0.5}}', decode($9, 'hex'))`,
      [ann.workspaceId, newId(), upload, line, bonds[bond], bond, rank, px, newId().replaceAll('-', '')],
    );
}
const start = (actor = ann) => startSession(deps, actor, { uploads: [], sources: [], duplicates: 'leave' });
const window = { which: 'all', from: 0, limit: 500 } as const;
async function rowsOf(id: string, filter: Partial<SessionFilter> = {}): Promise<SessionRow[]> {
  return (await listRows(deps, ann, { ...window, ...filter, id })).rows;
}
const nameOf = ({ ticker, px, excluded }: SessionRow) => (excluded ? `(${ticker} ${px})` : `${ticker} ${px}`);
const shown = async (id: string, filter: Partial<SessionFilter> = {}) => (await rowsOf(id, filter)).map(nameOf);
async function change(id: string, names: string[], action: SessionAction, actor = ann) {
  const rows = (await rowsOf(id)).filter((row) => names.includes(nameOf(row))).map((row) => ({ id: row.id, revision: row.revision }));
  return changeSessionRows(deps, actor, { id, action, rows });
}
async function idOf(id: string, name: string): Promise<string> {
  return (await rowsOf(id)).find((row) => nameOf(row) === name)?.id ?? '';
}
async function* batches(rows: AsyncIterable<Row[]>) {
  yield* rows;
}

let id: string;
beforeEach(async () => {
  await fresh.databases.enginePool.query(`delete from color_session_row; delete from color_buffer; update color_session set state = 'discarded'`);
  await wait(morning);
  ({ id } = await start());
});

describe('a session', () => {
  it('takes the free rows and ranks them as a run does; nobody else gets them', async () => {
    expect(await shown(id)).toEqual(ranked);
    expect((await rowsOf(id)).map(({ position, family, child, color, excludedBy }) => [position, family, child, color, excludedBy])).toEqual([
      [1, 1, 0, 'green', null],
      [2, 1, 1, null, null],
      [null, null, null, null, cheap],
      [3, 2, 0, null, null],
      [null, null, null, null, cheap],
    ]);
    expect(await showSession(deps, ann, id)).toMatchObject({ kept: 3, excluded: 2, doubtful: 5, rows: 5, mine: true, mayEdit: true, undo: null });
    await expect(start(bob)).rejects.toMatchObject({ code: 'color_session.nothing_free' });
    expect(await shown(id, { search: 'mic' })).toEqual(['micro 99']);
    expect((await listRows(deps, ann, { ...window, id, from: 2, limit: 2 })).rows.map(nameOf)).toEqual(['(apple 40)', 'micro 99']);
  });

  it('is edited, reordered, excluded, coloured; every change can be undone and redone', async () => {
    await change(id, ['micro 99'], { kind: 'cells', fields: { px: '98-16+', dealer: 'ALDR' } });
    const [edited] = await rowsOf(id, { which: 'changed' });
    expect(edited).toMatchObject({ px: 98.515625, dealer: 'ALDR', doubts: {}, revision: 2 });
    await change(id, ['micro 98.515625'], { kind: 'move', before: await idOf(id, 'apple 97'), families: false });
    // The family of apple is torn: two families of one bond.
    expect((await rowsOf(id, { which: 'kept' })).map(({ family, child }) => [family, child])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    await change(id, ['micro 98.515625'], { kind: 'move', before: null, families: true });
    expect(await shown(id)).toEqual(['apple 101', 'apple 97', '(apple 40)', '(other 10)', 'micro 98.515625']);
    await change(id, ['(apple 40)'], { kind: 'include' });
    await change(id, ['apple 101'], { kind: 'exclude' });
    await change(id, ['apple 97'], { kind: 'color', color: 'red' });
    await change(id, ['(other 10)'], { kind: 'remove' });
    const after = ['(apple 101)', 'apple 97', 'apple 40', 'micro 98.515625'];
    expect(await shown(id)).toEqual(after);
    expect(await shown(id, { which: 'removed' })).toEqual(['(other 10)']);
    for (let i = 0; i < 7; i++) await undoChange(deps, ann, { id });
    expect(await shown(id)).toEqual(ranked);
    expect((await rowsOf(id))[3]).toMatchObject({ px: 99, dealer: null, doubts: { px: { was: '?' } } });
    await expect(undoChange(deps, ann, { id })).rejects.toMatchObject({ code: 'color_session.no_undo' });
    for (let i = 0; i < 7; i++) await redoChange(deps, ann, id);
    expect(await shown(id)).toEqual(after);
    await expect(redoChange(deps, ann, id)).rejects.toMatchObject({ code: 'color_session.no_redo' });
    const { items } = await listEntries(deps, ann, { id, limit: 50 });
    expect(items).toHaveLength(21);
    expect(items.at(-1)).toMatchObject({ number: 1, kind: 'cells', rows: 1, by: 'ann@example.com', isUndone: false });
  });

  it('takes a block of a spreadsheet as one change, or nothing of it, and goes back to any change', async () => {
    const rows = (await rowsOf(id)).slice(0, 2).map((row) => ({ id: row.id, revision: row.revision }));
    const block = (values: string[][]) =>
      changeSessionRows(deps, ann, { id, rows, action: { kind: 'block', fields: ['px', 'dealer', 'rank', 'maturity'], values } });
    const wrong = [
      ['101', 'A', 'x', ''],
      ['much', 'B', '2', '2031-02-30'],
    ];
    const refused = (await block(wrong).catch((error: unknown) => error)) as AppError;
    expect(refused).toMatchObject({ code: 'color_session.value', status: 400 });
    expect(((refused.details?.['faults'] ?? []) as { path: string }[]).map(({ path: at }) => at)).toEqual([
      ...['body.action.values.1.0', 'body.action.values.0.2', 'body.action.values.1.3'],
    ]);
    await expect(block([['1', '', '', '']])).rejects.toMatchObject({ code: 'color_session.block' });
    const lines = [
      ['90-16', 'ALDR', '1', '2031-02-15'],
      ['98', '', '2', ''],
    ];
    expect(await block(lines)).toMatchObject({ changed: 2 });
    expect((await rowsOf(id, { which: 'changed' })).map(({ px, dealer, rank, maturity }) => [px, dealer, rank, maturity])).toEqual([
      [90.5, 'ALDR', 1, '2031-02-15'],
      [98, null, 2, null],
    ]);
    await change(id, ['apple 98'], { kind: 'exclude' });
    await updateSession(deps, ann, { id, shared: 'edit' });
    await change(id, ['micro 99'], { kind: 'color', color: 'red' }, bob);
    const [, seen] = await rowsOf(id);
    const why = await explainSessionRow(deps, bob, { id, row: seen?.id ?? '' });
    expect(why.reasons).toEqual([{ what: 'excluded', rule: null, text: 'Excluded by a person, in a session.' }]);
    expect(why.changes.map(({ number, kind, by }) => [number, kind, by])).toEqual([
      [2, 'exclude', 'ann@example.com'],
      [1, 'block', 'ann@example.com'],
    ]);
    const micro = await explainSessionRow(deps, ann, { id, row: await idOf(id, 'micro 99') });
    expect(micro.reasons[1]).toMatchObject({
      what: 'position',
      text: 'Below the family of line 1: a person put it there: by its PX 99 it would come before 90.5.',
    });
    await expect(explainSessionRow(deps, ann, { id, row: newId() })).rejects.toMatchObject({ status: 404 });
    await expect(undoChange(deps, ann, { id, andLater: true })).rejects.toMatchObject({ code: 'color_session.entry' });
    expect(await undoChange(deps, ann, { id, entry: 1, andLater: true })).toMatchObject({ changed: 4, revision: 6 });
    expect(await shown(id)).toEqual(ranked);
    await expect(undoChange(deps, ann, { id, entry: 1, andLater: true })).rejects.toMatchObject({ code: 'color_session.no_undo' });
  });

  it('keeps what a person decided when rules are applied again', async () => {
    await change(id, ['(apple 40)'], { kind: 'include' });
    await change(id, ['apple 101'], { kind: 'exclude' });
    await change(id, ['micro 99'], { kind: 'cells', fields: { px: '20', rank: '1' } });
    const { revision } = await showSession(deps, ann, id);
    await rankSession(deps, ann, { id, reorder: true, seen: revision });
    expect(await shown(id)).toEqual(['apple 97', 'apple 40', '(apple 101)', '(micro 20)', '(other 10)']);
    const none = await rankSession(deps, ann, { id, rules: [], reorder: false, seen: revision + 1 });
    expect(none.changed).toBe(2);
    expect((await shown(id)).filter((name) => name.startsWith('('))).toEqual(['(apple 101)']);
    expect((await showSession(deps, ann, id)).rules).toEqual([]);
    await undoChange(deps, ann, { id });
    expect((await showSession(deps, ann, id)).rules).toHaveLength(2);
  });

  it('changes all that a filter finds in one entry', async () => {
    const { revision } = await showSession(deps, ann, id);
    const done = await changeSessionRows(deps, ann, {
      id,
      action: { kind: 'color', color: 'blue' },
      filter: { which: 'all', search: 'apple' },
      seen: revision,
    });
    expect(done).toMatchObject({ changed: 3, revision: revision + 1 });
    expect(done.rows.map(({ color }) => color)).toEqual(['blue', 'blue', 'blue']);
    await expect(changeSessionRows(deps, ann, { id, action: { kind: 'remove' } })).rejects.toMatchObject({ code: 'color_session.which' });
    await expect(change(id, ['apple 97'], { kind: 'cells', fields: { px: 'much' } })).rejects.toMatchObject({ code: 'color_session.value', status: 400 });
    await expect(change(id, ['apple 97'], { kind: 'cells', fields: { date: '' } })).rejects.toMatchObject({ code: 'color_session.value' });
    await expect(change(id, ['apple 97'], { kind: 'move', before: await idOf(id, 'apple 97'), families: false })).rejects.toMatchObject({ status: 400 });
  });

  it('is seen by others when it is shared, and two people lose nothing', async () => {
    await expect(showSession(deps, bob, id)).rejects.toMatchObject({ code: 'color_session.unknown' });
    expect((await listSessions(deps, bob, { limit: 50 })).items.map((one) => one.id)).not.toContain(id);
    await updateSession(deps, ann, { id, shared: 'read' });
    expect(await showSession(deps, bob, id)).toMatchObject({ mine: false, mayEdit: false });
    await expect(change(id, ['apple 97'], { kind: 'exclude' }, bob)).rejects.toMatchObject({ status: 403 });
    await updateSession(deps, ann, { id, shared: 'edit', title: 'Ours' });
    const [seen] = (await rowsOf(id)).filter((row) => nameOf(row) === 'apple 97');
    const row = { id: seen?.id ?? '', revision: seen?.revision ?? 0 };
    const both = await Promise.allSettled(
      [ann, bob].map((actor, i) => changeSessionRows(deps, actor, { id, rows: [row], action: { kind: 'cells', fields: { px: String(90 + i) } } })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected')?.reason as AppError;
    expect(refused).toMatchObject({ code: 'color_session.changed', status: 409 });
    const [now] = (refused.details?.['rows'] ?? []) as SessionRow[];
    expect(now).toMatchObject({ id: row.id, revision: row.revision + 1 });
    // Each undoes what is his own, and not what the other went on with.
    const [first, second] = both[0]?.status === 'fulfilled' ? [ann, bob] : [bob, ann];
    await changeSessionRows(deps, second, { id, rows: [{ id: row.id, revision: now?.revision ?? 0 }], action: { kind: 'cells', fields: { px: '95' } } });
    await expect(undoChange(deps, first, { id })).rejects.toMatchObject({ code: 'color_session.changed' });
    await undoChange(deps, second, { id });
    await undoChange(deps, first, { id });
    expect(await shown(id)).toEqual(ranked);
    await expect(changeSessionRows(deps, first, { id, seen: 0, filter: { which: 'all' }, action: { kind: 'remove' } })).rejects.toMatchObject({
      code: 'color_session.changed',
    });
    await meetOthers(deps, bob, { id, row: row.id, field: 'px' });
    expect(await meetOthers(deps, ann, { id, row: null, field: null })).toMatchObject({
      state: 'open',
      others: [{ label: 'bob@example.com', row: row.id, field: 'px' }],
    });
  });

  it('is kept as it was arranged, once, and not when somebody went on with it', async () => {
    await change(id, ['micro 99'], { kind: 'move', before: await idOf(id, 'apple 101'), families: false });
    await change(id, ['apple 97'], { kind: 'exclude' });
    await change(id, ['(other 10)'], { kind: 'remove' });
    const { workspaceId } = ann;
    const processing = async () => {
      const runId = newId();
      const { revision } = await showSession(deps, ann, id);
      await noteRun(fresh.databases.enginePool, { workspaceId, session: id, run: runId, revision, by: 'ann' });
      return { workspaceId, runId };
    };
    const keep = async ({ runId }: { runId: string }, revision: number) =>
      keepColors(fresh.databases, {
        ...{
          workspaceId,
          runId,
          step: 'keep',
          kind: 'manual',
          sessionId: id,
          sessionRevision: revision,
          date: '2026-11-20',
          ruleSet: { rules: [], order: { date: 'desc', rank: 'asc', px: 'desc' } },
        },
        ...{ startedAt: new Date(), by: 'ann', rows: batches(takeSessionRows(fresh.databases, { workspaceId, session: id })) },
      });
    const run = await processing();
    await fresh.databases.enginePool.query(`insert into color_session_run values ($1, $2, $3, 3) on conflict do nothing`, [workspaceId, newId(), id]);
    await change(id, ['apple 101'], { kind: 'color', color: 'teal' });
    await expect(keep(run, 3)).rejects.toMatchObject({ code: 'color_session.moved_on' });
    const again = await processing();
    const kept = await Promise.all([keep(again, 4), keep(again, 4)]);
    expect(new Set(kept.map((one) => one.id)).size).toBe(1);
    expect(kept[0]).toMatchObject({ kept: 2, excluded: 2, families: 2 });
    const { rows } = await fresh.databases.enginePool.query(
      `select ticker, px::float, position, color, excluded_by::text as by from color where processing_id = $1 order by line`,
      [kept[0]?.id],
    );
    expect(rows.map(({ ticker, px, position, color, by }) => [ticker, px, position, color, by])).toEqual([
      ['micro', 99, 1, null, null],
      ['apple', 101, 2, 'teal', null],
      ...[
        ['apple', 97, null, null, '00000000-0000-4000-8000-0000000000ff'],
        ['apple', 40, null, null, cheap],
      ],
    ]);
    expect(await showSession(deps, ann, id)).toMatchObject({ state: 'processed', processing: kept[0]?.number, mayEdit: false });
    expect(await fresh.databases.enginePool.query('select 1 from color_buffer')).toMatchObject({ rowCount: 0 });
    await expect(discardSession(deps, ann, id)).rejects.toMatchObject({ code: 'color_session.ended' });
    expect(await findSessionOfRun(fresh.databases, { workspaceId, runId: newId() })).toBeNull();
  });

  it('gives its rows back as they came when it is discarded', async () => {
    await change(id, ['micro 99'], { kind: 'cells', fields: { px: '1' } });
    expect(await discardSession(deps, ann, id)).toMatchObject({ state: 'discarded', mayEdit: false });
    const { rows } = await fresh.databases.enginePool.query('select px::float from color_buffer where taken_by_session is null order by line');
    expect(rows.map(({ px }) => px)).toEqual(morning.map(([, , px]) => px));
    expect(await shown((await start()).id)).toEqual(ranked);
  });
});
