// What somebody looked for last: his own, nobody else's.
import { createHash } from 'node:crypto';
import type { ColorSearch, RecentSearch } from '@tidewheel/contract/routes/color-search';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { storableJson } from '../../../base/text.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';

const kept = 50;

/** The same search again becomes the newest; nobody's (a token of the server itself) is not kept. */
export async function remember({ app }: Databases, { userId, workspaceId }: Actor, { search, found }: { search: ColorSearch; found: number }): Promise<void> {
  if (userId === null) return;
  const text = storableJson(Object.fromEntries(Object.entries(search).toSorted()));
  const sameness = createHash('sha256').update(text).digest();
  await inWorkspace(app, workspaceId, async (trx) => {
    await trx
      .insertInto('color_search_recent')
      .values({ workspace_id: workspaceId, user_id: userId, sameness, search: text, found })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'user_id', 'sameness']).doUpdateSet({ found, at: new Date() }))
      .execute();
    const old = trx.selectFrom('color_search_recent').select('sameness').where('user_id', '=', userId).orderBy('at', 'desc').offset(kept);
    await trx.deleteFrom('color_search_recent').where('user_id', '=', userId).where('sameness', 'in', old).execute();
  });
}

export function listRecentSearches({ databases }: { databases: Databases }, actor: Actor): Promise<RecentSearch[]> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const rows = await trx
      .selectFrom('color_search_recent')
      .select(['search', 'found', 'at'])
      .where('user_id', '=', actor.userId)
      .orderBy('at', 'desc')
      .limit(kept)
      .execute();
    return rows.map(({ search, found, at }) => ({ search, found, at: at.toISOString() }));
  });
}

export function forgetRecentSearches({ databases }: { databases: Databases }, actor: Actor): Promise<{ forgotten: number }> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const gone = await trx.deleteFrom('color_search_recent').where('user_id', '=', actor.userId).executeTakeFirst();
    return { forgotten: Number(gone.numDeletedRows) };
  });
}
