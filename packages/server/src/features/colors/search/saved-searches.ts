// Searches that people keep: for themselves, or for everybody who may read colors in the workspace.
import { Conflict, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import { mostSavedSearches, type SavedSearch, type SavedSearchInput } from '@tidewheel/contract/routes/color-search';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { storable, storableJson } from '../../../base/text.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import type { SavedColorSearchRow } from '../../../storage/color-search-tables.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';

interface Deps {
  databases: Databases;
}
type Row = SavedColorSearchRow;

export function listSavedSearches({ databases }: Deps, actor: Actor): Promise<SavedSearch[]> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const rows = await trx
      .selectFrom('color_search_saved')
      .selectAll()
      .where(({ eb, or }) => or([eb('owner_id', '=', actor.userId), eb('shared', '=', true)]))
      .orderBy(({ fn }) => fn('lower', ['title']))
      .orderBy('id')
      .limit(1_000)
      .execute();
    return rows.map((row) => shown(actor, row));
  });
}

/** @throws NotAllowed for who is no person or account, Conflict `color_search.too_many` */
export function saveSearch({ databases }: Deps, actor: Actor, input: SavedSearchInput): Promise<SavedSearch> {
  requirePermission(actor, 'color.read');
  const { userId } = actor;
  if (userId === null) throw new NotAllowed('color_search.nobody', 'Only who has an account can save a search.', { hint: 'Sign in first.' });
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { mine } = await trx
      .selectFrom('color_search_saved')
      .select(({ fn }) => fn.countAll<number>().as('mine'))
      .where('owner_id', '=', userId)
      .executeTakeFirstOrThrow();
    if (mine >= mostSavedSearches)
      throw new Conflict('color_search.too_many', `You saved ${mine} searches, as many as there may be.`, { hint: 'Remove those that you need no more.' });
    const row = await trx
      .insertInto('color_search_saved')
      .values({ workspace_id: actor.workspaceId, id: newId(), owner_id: userId, owner_label: actor.label, ...stored(input) })
      .returningAll()
      .executeTakeFirstOrThrow();
    await recordAudit(trx, actor, { action: 'color_search.saved', object: objectOf(row), after: input });
    return shown(actor, row);
  });
}

/** @throws NotFound, NotAllowed for that of another, Conflict when it was changed meanwhile */
export function updateSavedSearch(
  { databases }: Deps,
  actor: Actor,
  { id, revision, ...input }: SavedSearchInput & { id: string; revision: number },
): Promise<SavedSearch> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await mine(trx, actor, id);
    if (before.revision !== revision)
      throw new Conflict('color_search.changed', `The search “${before.title}” was changed meanwhile.`, { hint: 'Read it again and change it as it is now.' });
    const row = await trx
      .updateTable('color_search_saved')
      .set({ ...stored(input), owner_label: actor.label, revision: revision + 1, updated_at: new Date() })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await recordAudit(trx, actor, { action: 'color_search.changed', object: objectOf(row), before: inputOf(before), after: input });
    return shown(actor, row);
  });
}

/** @throws NotFound, NotAllowed for that of another */
export function removeSavedSearch({ databases }: Deps, actor: Actor, id: string): Promise<SavedSearch> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await mine(trx, actor, id);
    await trx.deleteFrom('color_search_saved').where('id', '=', id).execute();
    await recordAudit(trx, actor, { action: 'color_search.removed', object: objectOf(row), before: inputOf(row) });
    return shown(actor, row);
  });
}

/** What another keeps for himself is not even there. */
async function mine(trx: WorkspaceTransaction, actor: Actor, id: string): Promise<Row> {
  const row = await trx.selectFrom('color_search_saved').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row || (row.owner_id !== actor.userId && !row.shared))
    throw new NotFound('color_search.unknown', 'There is no such saved search.', { hint: 'Look at the list of saved searches.' });
  if (row.owner_id === actor.userId) return row;
  throw new NotAllowed('color_search.of_another', `The search “${row.title}” belongs to ${row.owner_label}.`, { hint: 'Save one of your own like it.' });
}

const stored = ({ title, search, shared, alert }: SavedSearchInput) => ({ title: storable(title), search: storableJson(search), shared, alert });
const inputOf = ({ title, search, shared, alert }: Row) => ({ title, search, shared, alert });
const objectOf = ({ id, title }: Row) => ({ type: 'color_search', id, title });

function shown({ userId }: Actor, { id, title, search, shared, alert, owner_id, owner_label, revision, updated_at }: Row): SavedSearch {
  return { id, title, search, shared, alert, mine: owner_id === userId, owner: owner_label, revision, updatedAt: updated_at.toISOString() };
}
