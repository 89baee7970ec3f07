// All SQL by which the rules of a provider read and write memberships.
import { presetRoles } from '@tidewheel/contract/access';
import type { MappedMembership } from '@tidewheel/contract/routes/sso';
import { sql } from 'kysely';
import type { Db, IdentityTransaction } from '../identity.store.ts';
import { deleteMembership } from '../user-admin.store.ts';
import type { HeldMembership } from './mapping.ts';

export interface Places {
  /** Slug to id, of those that are in use. */
  workspaces: Map<string, string>;
  has(place: { workspace: string; role: string }): boolean;
}

/** The workspaces and roles that rules can name. */
export async function findPlaces(db: Db): Promise<Places> {
  const workspaces = await db.selectFrom('workspace').select(['id', 'slug']).where('archived_at', 'is', null).execute();
  const own = await db
    .selectFrom('identity.role as r')
    .innerJoin('workspace as w', 'w.id', 'r.workspace_id')
    .select(['w.slug as workspace', 'r.slug as role'])
    .execute();
  const ids = new Map(workspaces.map(({ slug, id }) => [slug, id]));
  const roles = new Set(own.map(({ workspace, role }) => `${workspace} ${role}`));
  return {
    workspaces: ids,
    has: ({ workspace, role }) => ids.has(workspace) && (Object.hasOwn(presetRoles, role) || roles.has(`${workspace} ${role}`)),
  };
}

/** Of each of these users, in every workspace in use. */
export async function findHeld(db: Db, userIds: readonly string[]): Promise<Map<string, HeldMembership[]>> {
  const { rows } = await sql<HeldMembership & { userId: string }>`
    select m.user_id as "userId", w.slug as workspace, m.role, m.sso_provider_id as "heldBy", m.suspended_at is not null as "isSuspended",
      m.role = 'admin' and m.suspended_at is null and not exists (
        select from identity.membership o join identity."user" ou on ou.id = o.user_id
        where o.workspace_id = m.workspace_id and o.user_id <> m.user_id and o.role = 'admin' and o.suspended_at is null and ou.kind = 'person') as "isLastAdministrator"
    from identity.membership m join workspace w on w.id = m.workspace_id
    where m.user_id = any(${[...userIds]}::uuid[]) and w.archived_at is null
    order by m.created_at`.execute(db);
  const held = new Map<string, HeldMembership[]>();
  for (const { userId, ...one } of rows) held.set(userId, [...(held.get(userId) ?? []), one]);
  return held;
}

/** So that two who leave at the same instant do not both find the other one still there. */
export async function lockAdministrators(trx: IdentityTransaction, userId: string): Promise<void> {
  await sql`select 1 from identity.membership m
    where m.role = 'admin' and m.workspace_id in (select workspace_id from identity.membership where user_id = ${userId} and role = 'admin' and sso_provider_id is not null)
    order by m.workspace_id, m.user_id for update`.execute(trx);
}

export async function writeMembership(
  trx: IdentityTransaction,
  { change, after }: Pick<MappedMembership, 'change' | 'after'>,
  { workspaceId, userId, providerId }: { workspaceId: string; userId: string; providerId: string },
): Promise<void> {
  if (change === 'added' && after !== null)
    await trx.insertInto('identity.membership').values({ workspace_id: workspaceId, user_id: userId, role: after, sso_provider_id: providerId }).execute();
  if (change === 'changed' && after !== null)
    await trx.updateTable('identity.membership').set({ role: after }).where('workspace_id', '=', workspaceId).where('user_id', '=', userId).execute();
  if (change === 'removed') await deleteMembership(trx, { id: userId, workspaceId });
}
