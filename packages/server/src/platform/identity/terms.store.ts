// What grants and delegations share: they hold from one instant to another, unless somebody ends them before.
import type { Grant } from '@tidewheel/contract/routes/access';
import { sql } from 'kysely';
import type { IdentityTransaction } from './identity.store.ts';

/** By the clock of the database. `of`: the alias of the table in the query. */
export function termState(of: string) {
  const column = (name: string) => sql.ref(`${of}.${name}`);
  return sql<
    Grant['state']
  >`case when ${column('revoked_at')} is not null then 'revoked' when ${column('ends_at')} <= now() then 'lapsed' when ${column('starts_at')} > now() then 'planned' else 'active' end`;
}

interface TermEnd {
  workspaceId: string;
  id: string;
  /** Who ends it, as it is shown. */
  by: string;
}

/** @returns false when somebody has ended it already */
export async function endTerm(
  trx: IdentityTransaction,
  table: 'identity.access_grant' | 'identity.delegation',
  { workspaceId, id, by }: TermEnd,
): Promise<boolean> {
  const result = await trx
    .updateTable(table)
    .set({ revoked_at: sql<Date>`now()`, revoked_by: by })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
