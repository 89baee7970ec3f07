// What people do with the rules of the desk. Rules of a kind are numbered from 1 without gaps; the numbers change under one lock.
import { type ColorRule, ColorRuleContent, type ColorRuleSet, defaultColorOrder } from '@tidewheel/contract/color-rule';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { ColorDeskSettings, ColorRuleList } from '@tidewheel/contract/routes/color-rules';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { TableEngine } from '../../../storage/tables/table-engine.ts';
import { requireRowsLeft } from './rule-test.ts';
import { changeRule, findRule, findRules, findSettings, insertRule, lockRules, markRuleArchived, placeRules, saveOrder, shownRule } from './rules.store.ts';

export interface ColorRuleDeps {
  databases: Databases;
  tables: TableEngine;
}

export function listRules({ databases }: ColorRuleDeps, actor: Actor, { archived }: { archived: boolean }): Promise<ColorRuleList> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, (trx) => ruleList(trx, archived));
}

export function showRule({ databases }: ColorRuleDeps, actor: Actor, id: string): Promise<ColorRule> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, (trx) => existingRule(trx, id));
}

export interface WrittenRule extends ColorRuleContent {
  priority?: number | undefined;
  allowsAll?: boolean;
}

export async function createRule(deps: ColorRuleDeps, actor: Actor, { priority, allowsAll, ...content }: WrittenRule): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  await askBefore(deps, actor, { content, allowsAll });
  return changing(deps, actor, (trx) => addRule(trx, actor, { content, priority }));
}

export async function updateRule(
  deps: ColorRuleDeps,
  actor: Actor,
  { id, revision, allowsAll, ...content }: ColorRuleContent & { id: string; revision?: number; allowsAll?: boolean },
): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  await askBefore(deps, actor, { id, content, allowsAll });
  return changing(deps, actor, async (trx) => {
    const before = await existingRule(trx, id);
    if (revision !== undefined && revision !== before.revision) throw changedMeanwhile(before);
    await changeRule(trx, { id, content, by: actor.label });
    if (before.kind !== content.kind) await moveRule(trx, { id, kind: content.kind });
    return recorded(trx, actor, { action: 'color_rule.updated', before, id });
  });
}

export interface SwitchedRule {
  id: string;
  active: boolean;
  /** That was seen. */
  revision: number;
  allowsAll?: boolean;
}

/** @throws Conflict when somebody changed it meanwhile */
export async function switchRule(deps: ColorRuleDeps, actor: Actor, { active, ...seen }: SwitchedRule): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  const rule = await showRule(deps, actor, seen.id);
  return updateRule(deps, actor, { ...contentOf(rule), ...seen, active });
}

export function duplicateRule(deps: ColorRuleDeps, actor: Actor, id: string): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  return changing(deps, actor, async (trx) => {
    const { kind, title, note, condition, color, priority } = await existingRule(trx, id);
    const content = { kind, title: `${title.slice(0, 190)} (copy)`, note, condition, color, active: false };
    return addRule(trx, actor, { content, priority: priority + 1 });
  });
}

export function archiveRule(deps: ColorRuleDeps, actor: Actor, id: string): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  return changing(deps, actor, async (trx) => {
    const before = await existingRule(trx, id);
    await markRuleArchived(trx, { id, isArchived: true, by: actor.label });
    await placeRules(trx, await idsOf(trx, before.kind));
    return recorded(trx, actor, { action: 'color_rule.archived', before, id });
  });
}

/** It comes back as the last of its kind, switched off. @throws NotFound */
export function restoreRule(deps: ColorRuleDeps, actor: Actor, id: string, active = false): Promise<ColorRule> {
  requirePermission(actor, 'desk.edit');
  return changing(deps, actor, async (trx) => {
    const row = await findRule(trx, id);
    if (!row) throw unknownRule();
    if (row.archived_at === null) throw new Conflict('color_rule.in_use', `The rule "${row.title}" is not archived.`);
    const wanted = row.priority;
    await markRuleArchived(trx, { id, isArchived: false, by: actor.label });
    const content = ColorRuleContent.parse({ ...contentOf(shownRule(row)), active });
    if (active) await changeRule(trx, { id, content, by: actor.label });
    await moveRule(trx, { id, kind: row.kind, priority: wanted });
    return recorded(trx, actor, { action: 'color_rule.restored', before: null, id });
  });
}

export interface RuleOrder {
  kind: ColorRule['kind'];
  ids: string[];
  /** The order that was seen. */
  seen: string[];
}

/** @throws Conflict when these are not the rules that there are, or somebody ordered them meanwhile */
export function reorderRules(deps: ColorRuleDeps, actor: Actor, { kind, ids, seen }: RuleOrder): Promise<ColorRuleList> {
  requirePermission(actor, 'desk.edit');
  return changing(deps, actor, async (trx) => {
    const before = await idsOf(trx, kind);
    if (before.toSorted().join() !== ids.toSorted().join())
      throw new Conflict('color_rule.order_stale', 'These are not all the rules of this kind: somebody added or archived one meanwhile.', {
        hint: 'Load the rules again, then order them.',
      });
    if (before.join() !== seen.join())
      throw new Conflict('color_rule.order_changed', 'Somebody put these rules in another order meanwhile.', {
        hint: 'Look at the order of now, then change it.',
      });
    await placeRules(trx, ids);
    const object = { type: 'color_rules', id: kind, title: kind === 'exclude' ? 'Exclusion rules' : 'Coloring rules' };
    await recordAudit(trx, actor, { action: 'color_rule.reordered', object, before: { ids: before }, after: { ids } });
    return ruleList(trx, false);
  });
}

export function showDesk({ databases }: Pick<ColorRuleDeps, 'databases'>, actor: Actor): Promise<ColorDeskSettings> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, settingsOf);
}

/** @throws Conflict when somebody changed it meanwhile */
export function updateDesk(
  { databases }: Pick<ColorRuleDeps, 'databases'>,
  actor: Actor,
  { order, revision }: { order: ColorRuleSet['order']; revision: number },
) {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await settingsOf(trx);
    const isSaved = before.revision === revision && (await saveOrder(trx, { workspaceId: actor.workspaceId, order, revision, by: actor.label }));
    if (!isSaved) throw new Conflict('color_desk.changed', 'Somebody changed the order of the sheet meanwhile.', { hint: 'Look at it again, then change it.' });
    const object = { type: 'color_desk', id: actor.workspaceId, title: 'Order of the sheet' };
    await recordAudit(trx, actor, { action: 'color_desk.changed', object, before: before.order, after: order });
    return settingsOf(trx);
  });
}

async function settingsOf(trx: WorkspaceTransaction): Promise<ColorDeskSettings> {
  const found = await findSettings(trx);
  if (!found) return { order: defaultColorOrder, revision: 0, updatedAt: null, updatedBy: null };
  return { order: found.ranking, revision: found.revision, updatedAt: found.updated_at.toISOString(), updatedBy: found.updated_by };
}

/** Who activates a rule that leaves nothing of what waits is asked first. */
async function askBefore(deps: ColorRuleDeps, actor: Actor, rule: { id?: string; content: ColorRuleContent; allowsAll: boolean | undefined }): Promise<void> {
  const { content, allowsAll, id } = rule;
  if (content.kind === 'exclude' && content.active && !allowsAll) await requireRowsLeft(deps, actor, { ...content, ...(id === undefined ? {} : { id }) });
}

function changing<T>({ databases }: ColorRuleDeps, actor: Actor, work: (trx: WorkspaceTransaction) => Promise<T>): Promise<T> {
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    await lockRules(trx, actor.workspaceId);
    return work(trx);
  });
}

async function addRule(
  trx: WorkspaceTransaction,
  actor: Actor,
  { content, priority }: { content: ColorRuleContent; priority: number | undefined },
): Promise<ColorRule> {
  const id = newId();
  await insertRule(trx, { workspaceId: actor.workspaceId, id, content, priority: 1_000_000, by: actor.label });
  await moveRule(trx, { id, kind: content.kind, priority });
  return recorded(trx, actor, { action: 'color_rule.created', before: null, id });
}

/** To a place among those of its kind, else behind them; the others close up. */
async function moveRule(
  trx: WorkspaceTransaction,
  { id, kind, priority }: { id: string; kind: ColorRule['kind']; priority?: number | undefined },
): Promise<void> {
  const others = (await idsOf(trx, kind)).filter((other) => other !== id);
  await placeRules(trx, others.toSpliced(priority === undefined ? others.length : priority - 1, 0, id));
  await placeRules(trx, await idsOf(trx, kind === 'color' ? 'exclude' : 'color'));
}

async function idsOf(trx: WorkspaceTransaction, kind: ColorRule['kind']): Promise<string[]> {
  return (await findRules(trx, { isArchived: false })).filter((rule) => rule.kind === kind).map(({ id }) => id);
}

interface Recorded {
  action: 'color_rule.created' | 'color_rule.updated' | 'color_rule.archived' | 'color_rule.restored';
  before: ColorRule | null;
  id: string;
}

async function recorded(trx: WorkspaceTransaction, actor: Actor, { action, before, id }: Recorded): Promise<ColorRule> {
  const row = await findRule(trx, id);
  if (!row) throw unknownRule();
  const after = shownRule(row);
  const object = { type: 'color_rule', id, title: after.title };
  const isGone = action === 'color_rule.archived';
  await recordAudit(trx, actor, { action, object, before: before && contentOf(before), after: isGone ? null : contentOf(after) });
  return after;
}

export function contentOf({ kind, title, note, condition, color, active }: ColorRuleContent): ColorRuleContent {
  return { kind, title, note, condition, color, active };
}

async function ruleList(trx: WorkspaceTransaction, isArchived: boolean): Promise<ColorRuleList> {
  return { items: (await findRules(trx, { isArchived })).map(shownRule) };
}

async function existingRule(trx: WorkspaceTransaction, id: string): Promise<ColorRule> {
  const row = await findRule(trx, id);
  if (!row || row.archived_at !== null) throw unknownRule();
  return shownRule(row);
}

function unknownRule(): NotFound {
  return new NotFound('color_rule.unknown', 'There is no such rule in this workspace.', { hint: 'Look at the list of rules; archived ones can be restored.' });
}

function changedMeanwhile({ title, updatedBy }: ColorRule): Conflict {
  return new Conflict('color_rule.changed', `${updatedBy} changed the rule "${title}" meanwhile.`, { hint: 'Look at it again, then change it.' });
}
