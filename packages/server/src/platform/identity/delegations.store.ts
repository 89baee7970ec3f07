// All SQL about what members lend one another.
import type { Page } from '@tidewheel/contract/page';
import type { Permission } from '@tidewheel/contract/route';
import type { Delegation } from '@tidewheel/contract/routes/access';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import { termState } from './terms.store.ts';

const newest: Sort = { name: 'newest', keys: [{ column: 'd.id', type: 'uuid', direction: 'desc' }] };
const stateOf = termState('d');

function delegations(db: Db, workspaceId: string) {
  return db
    .selectFrom('identity.delegation as d')
    .innerJoin('identity.user as f', 'f.id', 'd.from_user')
    .innerJoin('identity.user as t', 't.id', 'd.to_user')
    .select(['d.id', 'd.permissions', 'd.reason', 'd.created_at', 'd.starts_at', 'd.ends_at', 'd.revoked_at', 'd.revoked_by', 'd.from_user', 'd.to_user'])
    .select(['f.email as from_email', 'f.name as from_name', 't.email as to_email', 't.name as to_name', stateOf.as('state')])
    .where('d.workspace_id', '=', workspaceId);
}

type Row = Awaited<ReturnType<ReturnType<typeof delegations>['executeTakeFirstOrThrow']>>;

function viewRow(row: Row): Delegation {
  return {
    id: row.id,
    from: { id: row.from_user, email: row.from_email, name: row.from_name },
    to: { id: row.to_user, email: row.to_email, name: row.to_name },
    state: row.state,
    permissions: row.permissions,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
    starts: row.starts_at.toISOString(),
    until: row.ends_at.toISOString(),
    endedAt: row.revoked_at?.toISOString() ?? null,
    endedBy: row.revoked_by,
  };
}

/** `of`: only what that user lent or was lent. */
export async function findDelegations(
  db: Db,
  { workspaceId, of, state }: { workspaceId: string; of?: string | undefined; state?: Delegation['state'] | undefined },
  page: PageRequest,
): Promise<Page<Delegation>> {
  let query = delegations(db, workspaceId);
  if (of !== undefined) query = query.where((is) => is.or([is('d.from_user', '=', of), is('d.to_user', '=', of)]));
  if (state !== undefined) query = query.where(stateOf, '=', state);
  const found = await readPage({ db, query, sort: newest, page });
  return { ...found, items: found.items.map(viewRow) };
}

export async function findDelegation(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<Delegation | undefined> {
  const row = await delegations(db, workspaceId).where('d.id', '=', id).executeTakeFirst();
  return row && viewRow(row);
}

export interface NewDelegation {
  workspaceId: string;
  id: string;
  from: string;
  to: string;
  permissions: Permission[] | null;
  reason: string;
  startsAt: Date;
  endsAt: Date;
}

export async function insertDelegation(
  trx: IdentityTransaction,
  { workspaceId, id, from, to, permissions, reason, startsAt, endsAt }: NewDelegation,
): Promise<void> {
  await trx
    .insertInto('identity.delegation')
    .values({ workspace_id: workspaceId, id, from_user: from, to_user: to, permissions, reason, starts_at: startsAt, ends_at: endsAt })
    .execute();
}
