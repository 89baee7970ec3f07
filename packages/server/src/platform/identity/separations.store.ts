// All SQL about which permissions nobody may hold together.
import type { Permission } from '@tidewheel/contract/route';
import type { Separation } from '@tidewheel/contract/routes/separations';
import type { Db, IdentityTransaction } from './identity.store.ts';

export async function findSeparations(db: Db, workspaceId: string): Promise<Separation[]> {
  const rows = await db.selectFrom('identity.separation').selectAll().where('workspace_id', '=', workspaceId).orderBy('title').execute();
  return rows.map(({ id, title, one, other, created_by, created_at }) => ({
    id,
    title,
    one,
    other,
    createdBy: created_by,
    createdAt: created_at.toISOString(),
  }));
}

export interface NewSeparation {
  workspaceId: string;
  id: string;
  title: string;
  one: Permission[];
  other: Permission[];
  createdBy: string;
}

/** @returns false when there is one of that title */
export async function insertSeparation(trx: IdentityTransaction, { workspaceId, id, title, one, other, createdBy }: NewSeparation): Promise<boolean> {
  const result = await trx
    .insertInto('identity.separation')
    .values({ workspace_id: workspaceId, id, title, one, other, created_by: createdBy })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'title']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function deleteSeparation(trx: IdentityTransaction, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const result = await trx.deleteFrom('identity.separation').where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
