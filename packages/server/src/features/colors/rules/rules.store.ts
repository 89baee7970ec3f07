// The only SQL of the desk's rules and of the order of its sheet.
import { type ColorRule, type ColorRuleContent, type ColorRuleSet, defaultColorOrder } from '@tidewheel/contract/color-rule';
import { type Selectable, sql } from 'kysely';
import type { ColorTables } from '../../../storage/color-tables.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

type RuleRow = Selectable<ColorTables['color_rule']>;

/** The active rules, those of a kind in the order in which they are asked. */
export async function findRuleSet(trx: WorkspaceTransaction): Promise<ColorRuleSet> {
  const settings = await findSettings(trx);
  const rules = await trx
    .selectFrom('color_rule')
    .select(['id', 'kind', 'title', 'condition', 'color', 'revision'])
    .where('archived_at', 'is', null)
    .where('active', '=', true)
    .orderBy('kind', 'desc')
    .orderBy('priority')
    .orderBy('id')
    .execute();
  return { rules, order: settings?.ranking ?? defaultColorOrder };
}

/** One change of the desk's rules at a time: their places depend on one another. */
export async function lockRules(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`color_rule ${workspaceId}`}, 0))`.execute(trx);
}

export function findRules(trx: WorkspaceTransaction, { isArchived }: { isArchived: boolean }): Promise<RuleRow[]> {
  return trx
    .selectFrom('color_rule')
    .selectAll()
    .where('archived_at', isArchived ? 'is not' : 'is', null)
    .orderBy('kind', 'desc')
    .orderBy('priority')
    .orderBy('id')
    .execute();
}

export function findRule(trx: WorkspaceTransaction, id: string): Promise<RuleRow | undefined> {
  return trx.selectFrom('color_rule').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface NewRule {
  workspaceId: string;
  id: string;
  content: ColorRuleContent;
  priority: number;
  by: string;
}

export async function insertRule(trx: WorkspaceTransaction, { workspaceId, id, content, priority, by }: NewRule): Promise<void> {
  const { condition, ...rest } = content;
  await trx
    .insertInto('color_rule')
    .values({ ...rest, workspace_id: workspaceId, id, condition: JSON.stringify(condition), priority, updated_by: by })
    .execute();
}

export async function changeRule(trx: WorkspaceTransaction, { id, content, by }: { id: string; content: ColorRuleContent; by: string }): Promise<void> {
  const { condition, ...rest } = content;
  await trx
    .updateTable('color_rule')
    .set({ ...rest, condition: JSON.stringify(condition), revision: sql<number>`revision + 1`, updated_at: sql<Date>`now()`, updated_by: by })
    .where('id', '=', id)
    .execute();
}

export async function markRuleArchived(trx: WorkspaceTransaction, { id, isArchived, by }: { id: string; isArchived: boolean; by: string }): Promise<void> {
  await trx
    .updateTable('color_rule')
    .set({
      archived_at: isArchived ? sql<Date>`now()` : null,
      ...(isArchived ? {} : { active: false }),
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`now()`,
      updated_by: by,
    })
    .where('id', '=', id)
    .execute();
}

/** Numbers them from 1 in this order. */
export async function placeRules(trx: WorkspaceTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update color_rule set priority = given.place from unnest(${ids}::uuid[]) with ordinality as given(id, place)
    where color_rule.id = given.id and color_rule.priority <> given.place`.execute(trx);
}

export function findSettings(trx: WorkspaceTransaction) {
  return trx.selectFrom('color_settings').select(['ranking', 'revision', 'updated_at', 'updated_by']).executeTakeFirst();
}

export interface SavedOrder {
  workspaceId: string;
  order: ColorRuleSet['order'];
  /** Of the row as it was; 0 when there was none. */
  revision: number;
  by: string;
}

/** @returns whether nobody changed it meanwhile */
export async function saveOrder(trx: WorkspaceTransaction, { workspaceId, order, revision, by }: SavedOrder): Promise<boolean> {
  const ranking = JSON.stringify(order);
  const changed = await trx
    .insertInto('color_settings')
    .values({ workspace_id: workspaceId, ranking, updated_by: by, flow_id: null })
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet({ ranking, revision: sql<number>`color_settings.revision + 1`, updated_at: sql<Date>`now()`, updated_by: by })
        .where('color_settings.revision', '=', revision),
    )
    .returning('revision')
    .execute();
  return changed.length > 0;
}

export function shownRule(row: RuleRow): ColorRule {
  const { id, kind, title, note, condition, color, active, priority, revision } = row;
  return { id, kind, title, note, condition, color, active, priority, revision, updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by };
}
