// All SQL about grants.
import type { Rule } from '@tidewheel/contract/access';
import type { Page } from '@tidewheel/contract/page';
import type { Grant } from '@tidewheel/contract/routes/access';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import { termState } from './terms.store.ts';

export type GrantRow = Omit<Grant, 'share'> & { createdById: string | null };

const newest: Sort = { name: 'newest', keys: [{ column: 'g.id', type: 'uuid', direction: 'desc' }] };
const stateOf = termState('g');

function grants(db: Db, workspaceId: string) {
  return db
    .selectFrom('identity.access_grant as g')
    .innerJoin('identity.user as u', 'u.id', 'g.user_id')
    .select([
      'g.id',
      'g.role',
      'g.rules',
      'g.reason',
      'g.created_by',
      'g.created_by_id',
      'g.created_at',
      'g.starts_at',
      'g.ends_at',
      'g.revoked_at',
      'g.revoked_by',
    ])
    .select(['u.id as user_id', 'u.email', 'u.name', stateOf.as('state')])
    .where('g.workspace_id', '=', workspaceId);
}

type Row = Awaited<ReturnType<ReturnType<typeof grants>['executeTakeFirstOrThrow']>>;

function viewRow(row: Row): GrantRow {
  return {
    id: row.id,
    user: { id: row.user_id, email: row.email, name: row.name },
    state: row.state,
    role: row.role,
    rules: row.rules,
    reason: row.reason,
    createdBy: row.created_by,
    createdById: row.created_by_id,
    createdAt: row.created_at.toISOString(),
    from: row.starts_at.toISOString(),
    until: row.ends_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
  };
}

export interface GrantFilter {
  user?: string | undefined;
  state?: Grant['state'] | undefined;
  role?: string | undefined;
  /** Only those that this user made. */
  madeBy?: string | undefined;
}

export async function findGrants(
  db: Db,
  { workspaceId, user, state, role, madeBy }: GrantFilter & { workspaceId: string },
  page: PageRequest,
): Promise<Page<GrantRow>> {
  let query = grants(db, workspaceId);
  if (user !== undefined) query = query.where('u.email', '=', user);
  if (state !== undefined) query = query.where(stateOf, '=', state);
  if (role !== undefined) query = query.where('g.role', '=', role);
  if (madeBy !== undefined) query = query.where('g.created_by_id', '=', madeBy);
  const found = await readPage({ db, query, sort: newest, page });
  return { ...found, items: found.items.map(viewRow) };
}

export async function findGrant(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<GrantRow | undefined> {
  const row = await grants(db, workspaceId).where('g.id', '=', id).executeTakeFirst();
  return row && viewRow(row);
}

export async function findGrantsOf(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<GrantRow[]> {
  if (ids.length === 0) return [];
  const rows = await grants(db, workspaceId)
    .where('g.id', 'in', [...ids])
    .execute();
  return rows.map(viewRow);
}

export interface NewGrant {
  workspaceId: string;
  id: string;
  userId: string;
  role: string | null;
  rules: Rule[] | null;
  reason: string;
  createdBy: string;
  createdById: string | null;
  startsAt: Date;
  endsAt: Date | null;
}

export async function insertGrant(trx: IdentityTransaction, grant: NewGrant): Promise<void> {
  await trx
    .insertInto('identity.access_grant')
    .values({
      workspace_id: grant.workspaceId,
      id: grant.id,
      user_id: grant.userId,
      role: grant.role,
      rules: grant.rules === null ? null : JSON.stringify(grant.rules),
      reason: grant.reason,
      created_by: grant.createdBy,
      created_by_id: grant.createdById,
      starts_at: grant.startsAt,
      ends_at: grant.endsAt,
    })
    .execute();
}
