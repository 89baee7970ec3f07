// The desk's rules on Postgres and the real table engine: their places, lost updates, what a test finds, what a change would have done, and taking it back.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ColorRule, type ColorRuleContent, defaultColorOrder } from '@tidewheel/contract/color-rule';
import { permissions } from '@tidewheel/contract/route';
import type { Row } from '@tidewheel/kit/step-context';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import type { LoggedChange } from '../../../base/change-module.ts';
import { newId } from '../../../base/ids.ts';
import { createLogger } from '../../../base/logger.ts';
import { createTableEngine } from '../../../storage/tables/create-table-engine.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { limitedActor } from '../../../testing/limited-actor.ts';
import { keepColors } from '../processing/keep-colors.ts';
import { playRules } from './play-rules.ts';
import { colorRuleChanges } from './rule-changes.ts';
import { testRule } from './rule-test.ts';
import {
  archiveRule,
  type ColorRuleDeps,
  createRule,
  duplicateRule,
  listRules,
  reorderRules,
  restoreRule,
  showDesk,
  showRule,
  switchRule,
  updateDesk,
  updateRule,
} from './rules.service.ts';

let fresh: FreshDatabase;
let deps: ColorRuleDeps & { tables: ReturnType<typeof createTableEngine> };
let admin: Actor;
let folder: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-rules-'));
  const tables = createTableEngine({ processes: 1, memoryLimit: '256MB', threads: 1, scratch: folder, log: createLogger({ role: 'test', level: 'silent' }) });
  deps = { databases: fresh.databases, tables };
  admin = { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(async () => {
  await deps?.tables.close();
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});

const content = (title: string, more: Partial<ColorRuleContent> = {}): ColorRuleContent => ({
  kind: 'exclude',
  title,
  note: '',
  condition: { field: 'px', operator: 'less', value: 0 },
  color: null,
  active: true,
  ...more,
});
async function titles(kind: ColorRule['kind'] = 'exclude'): Promise<string[]> {
  const { items } = await listRules(deps, admin, { archived: false });
  const ours = items.filter((rule) => rule.kind === kind);
  expect(ours.map(({ priority }) => priority)).toEqual(ours.map((_, i) => i + 1));
  return ours.map(({ title }) => title);
}
async function lastChange(): Promise<LoggedChange> {
  const entry = await fresh.databases.engine
    .selectFrom('audit_entry')
    .select(['id', 'action', 'body'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { object, before = null, after = null } = entry.body as unknown as Pick<LoggedChange, 'object' | 'before' | 'after'>;
  return { id: entry.id, action: entry.action as LoggedChange['action'], object, before, after };
}
const takeBack = async (change: LoggedChange) => colorRuleChanges(deps).reverts[change.action as 'color_rule.updated']?.(admin, change);

/** Rows that wait, as an upload leaves them. */
async function wait(prices: number[]): Promise<void> {
  const { enginePool: pool } = fresh.databases;
  const upload = newId();
  await pool.query(`insert into color_upload (workspace_id, id, kind, title, state, created_by) values ($1, $2, 'paste', 'a', 'ready', 'ann')`, [
    admin.workspaceId,
    upload,
  ]);
  for (const [line, px] of prices.entries())
    await pool.query(
      `insert into color_buffer (workspace_id, id, upload_id, line, date, cusip, ticker, px, more, sameness) values ($1, $2, $3, $4, '2026-11-20', '037833100', 'AAA', $5, '{"Desk":"x"}', '\\x00')`,
      [admin.workspaceId, newId(), upload, line, px],
    );
}

describe('rules of the desk', () => {
  it('are created, changed, switched, copied, ordered, archived and restored; each kind is numbered from 1', async () => {
    const first = await createRule(deps, admin, content('first'));
    const second = await createRule(deps, admin, content('second'));
    await createRule(deps, admin, { ...content('zero'), priority: 1 });
    const colour = await createRule(deps, admin, content('green', { kind: 'color', color: 'green' }));
    expect(await titles()).toEqual(['zero', 'first', 'second']);
    expect(colour).toMatchObject({ priority: 1, color: 'green', revision: 1, updatedBy: 'ann@example.com' });
    expect(await duplicateRule(deps, admin, first.id)).toMatchObject({ title: 'first (copy)', active: false, priority: 3 });
    const changed = await updateRule(deps, admin, { ...content('second!'), id: second.id, revision: second.revision });
    expect(changed).toMatchObject({ title: 'second!', revision: 2 });
    expect(await switchRule(deps, admin, { id: first.id, active: false, revision: first.revision })).toMatchObject({ active: false });
    const { items } = await listRules(deps, admin, { archived: false });
    const ids = items.filter(({ kind }) => kind === 'exclude').map(({ id }) => id);
    await reorderRules(deps, admin, { kind: 'exclude', ids: ids.toReversed(), seen: ids });
    expect(await titles()).toEqual(['second!', 'first (copy)', 'first', 'zero']);
    await archiveRule(deps, admin, first.id);
    expect(await titles()).toEqual(['second!', 'first (copy)', 'zero']);
    await expect(showRule(deps, admin, first.id)).rejects.toMatchObject({ code: 'color_rule.unknown' });
    expect(await restoreRule(deps, admin, first.id)).toMatchObject({ active: false });
    expect(await titles()).toEqual(['second!', 'first (copy)', 'first', 'zero']);
  });

  it('refuse a lost update, an order of other rules, and who may not', async () => {
    const rule = await createRule(deps, admin, content('shared'));
    await updateRule(deps, admin, { ...content('mine'), id: rule.id, revision: rule.revision });
    await expect(updateRule(deps, admin, { ...content('yours'), id: rule.id, revision: rule.revision })).rejects.toMatchObject({
      code: 'color_rule.changed',
      status: 409,
    });
    await expect(reorderRules(deps, admin, { kind: 'exclude', ids: [rule.id], seen: [rule.id] })).rejects.toMatchObject({ code: 'color_rule.order_stale' });
    await expect(switchRule(deps, admin, { id: rule.id, active: false, revision: rule.revision })).rejects.toMatchObject({ code: 'color_rule.changed' });
    const { items } = await listRules(deps, admin, { archived: false });
    const seen = items.filter(({ kind }) => kind === 'exclude').map(({ id }) => id);
    await reorderRules(deps, admin, { kind: 'exclude', ids: [...seen.slice(1), seen[0] as string], seen });
    await expect(reorderRules(deps, admin, { kind: 'exclude', ids: seen.toReversed(), seen })).rejects.toMatchObject({ code: 'color_rule.order_changed' });
    await expect(showRule(deps, { ...admin, workspaceId: newId() }, rule.id)).rejects.toMatchObject({ code: 'color_rule.unknown' });
    const reader = limitedActor(admin.workspaceId, { rules: [{ permissions: ['color.read'] }] });
    for (const work of [() => archiveRule(deps, reader, rule.id), () => createRule(deps, reader, content('x')), () => duplicateRule(deps, reader, rule.id)])
      await expect((async () => work())()).rejects.toMatchObject({ code: 'permission.missing' });
  });

  it('are tested over what waits; one that leaves nothing is asked for before it counts', async () => {
    await wait([98, 99, 100, 101]);
    const condition = {
      all: [
        { field: 'px', operator: 'greater' as const, value: 99 },
        { field: 'more.Desk', operator: 'is' as const, value: 'X' },
      ],
    };
    const found = await testRule(deps, admin, { kind: 'exclude', condition });
    expect(found).toMatchObject({ rows: 4, matches: 2, decides: 2, left: 2, isCapped: false });
    expect(found.first.map(({ px, ticker, date }) => [px, ticker, date])).toEqual([
      [100, 'AAA', '2026-11-20'],
      [101, 'AAA', '2026-11-20'],
    ]);
    const all = content('all', { condition: { field: 'px', operator: 'atLeast', value: 98 } });
    await expect(createRule(deps, admin, all)).rejects.toMatchObject({ code: 'color_rule.excludes_all', details: { rows: 4 } });
    const off = await createRule(deps, admin, { ...all, active: false });
    await expect(switchRule(deps, admin, { id: off.id, active: true, revision: off.revision })).rejects.toMatchObject({ code: 'color_rule.excludes_all' });
    expect(await switchRule(deps, admin, { id: off.id, active: true, revision: off.revision, allowsAll: true })).toMatchObject({ active: true });
    expect(await testRule(deps, admin, { kind: 'color', condition })).toMatchObject({ matches: 2, decides: 0, left: 0 });
    await archiveRule(deps, admin, off.id);
  });

  it('are played over past days before they count', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const row = (more: Row): Row => ({ date: today, cusip: '037833100', more: '{}', excludedBy: null, rank: 1, ...more });
    const rows = [
      row({ px: '99', position: 1, family: 1, child: 0 }),
      row({ px: '98', position: 2, family: 1, child: 1 }),
      row({ px: '97', position: 3, family: 1, child: 2, color: 'green', colorBy: newId() }),
      row({ px: '96', cusip: '594918104', position: 4, family: 2, child: 0 }),
      row({ px: '-1', excludedBy: newId() }),
    ];
    async function* batches() {
      yield rows;
    }
    const about = { runId: newId(), step: 'keep', kind: 'automatic' as const, sessionId: null, date: today, startedAt: new Date(), by: 'ann' };
    const ruleSet = { rules: [], order: defaultColorOrder };
    const { number } = await keepColors(fresh.databases, { workspaceId: admin.workspaceId, ...about, ruleSet, rows: batches() });
    const played = await playRules(deps, admin, {
      days: 2,
      rules: [{ kind: 'exclude', title: 'the first', condition: { field: 'px', operator: 'equals', value: 99 } }],
    });
    expect(played.processings).toEqual([
      { number, date: today, rows: 5, excluded: { before: 1, after: 1 }, differ: { excluded: 1, back: 1, otherRule: 0, color: 1, place: 1, moved: 0 } },
    ]);
    expect(played.first.map(({ what, line, before, after }) => [what, line, before.child, after.child])).toEqual([
      ['excluded', 1, 0, null],
      ['place', 2, 1, 0],
      ['color', 3, 2, 1],
      ['back', 5, null, 2],
    ]);
    const condition = { any: [99, -1].map((value) => ({ field: 'px', operator: 'equals' as const, value })) };
    const shifted = await playRules(deps, admin, { days: 2, rules: [{ kind: 'exclude', title: 'both', condition }] });
    expect(shifted).toMatchObject({ differ: 4, moved: 1 });
    expect(shifted.first.map(({ what, line, before, after }) => [what, line, before.position, after.position])).toEqual([
      ['excluded', 1, 1, null],
      ['place', 2, 2, 1],
      ['color', 3, 3, 2],
      ['otherRule', 5, null, null],
      ['moved', 4, 4, 3],
    ]);
    expect(await testRule(deps, admin, { kind: 'exclude', processing: number, condition: { field: 'px', operator: 'less', value: 0 } })).toMatchObject({
      rows: 5,
      matches: 1,
    });
    await expect(testRule(deps, admin, { kind: 'exclude', processing: 99, condition: { field: 'px', operator: 'less', value: 0 } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('go back to what they were, unless they were changed again', async () => {
    const rule = await createRule(deps, admin, content('kept'));
    await updateRule(deps, admin, { ...content('renamed'), id: rule.id });
    const renamed = await lastChange();
    await takeBack(renamed);
    expect(await showRule(deps, admin, rule.id)).toMatchObject({ title: 'kept' });
    await updateRule(deps, admin, { ...content('again'), id: rule.id });
    await expect(takeBack(renamed)).rejects.toMatchObject({ code: 'change.superseded' });
    await archiveRule(deps, admin, rule.id);
    await takeBack(await lastChange());
    expect(await showRule(deps, admin, rule.id)).toMatchObject({ title: 'again', active: true });
    const { order, revision } = await showDesk(deps, admin);
    expect(revision).toBe(0);
    await updateDesk(deps, admin, { order: { ...order, px: 'asc' }, revision });
    await expect(updateDesk(deps, admin, { order, revision })).rejects.toMatchObject({ code: 'color_desk.changed' });
    await takeBack(await lastChange());
    expect(await showDesk(deps, admin)).toMatchObject({ order, revision: 2 });
  });
});
