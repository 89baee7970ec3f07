// All SQL about roles.
import type { Mask, Rule } from '@tidewheel/contract/access';
import type { RoleHolders } from '@tidewheel/contract/routes/access';
import { sql } from 'kysely';
import type { Db, IdentityTransaction } from './identity.store.ts';

export interface RoleRow {
  slug: string;
  title: string;
  description: string;
  /** Null: those of the preset. */
  rules: Rule[] | null;
  masks: Mask[];
  revision: number;
  updated_at: Date;
}

export async function findRoleRows(db: Db, workspaceId: string, slug?: string): Promise<RoleRow[]> {
  let query = db
    .selectFrom('identity.role')
    .select(['slug', 'title', 'description', 'rules', 'masks', 'revision', 'updated_at'])
    .where('workspace_id', '=', workspaceId);
  if (slug !== undefined) query = query.where('slug', '=', slug);
  return query.orderBy('slug').execute();
}

/** Slugs of own roles anywhere in the installation. */
export async function findAllRoleSlugs(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('identity.role').select('slug').distinct().execute();
  return rows.map((row) => row.slug);
}

export async function countMembersByRole(db: Db, workspaceId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('identity.membership')
    .select(['role', sql<number>`count(*)::int`.as('count')])
    .where('workspace_id', '=', workspaceId)
    .groupBy('role')
    .execute();
  return new Map(rows.map((row) => [row.role, row.count]));
}

export interface SavedRole {
  workspaceId: string;
  slug: string;
  title: string;
  description: string;
  rules: Rule[] | null;
  masks: Mask[];
}

/** Makes it, or counts its revision up. */
export async function saveRole(trx: IdentityTransaction, { workspaceId, slug, title, description, rules, masks }: SavedRole): Promise<void> {
  const values = { title, description, rules: rules === null ? null : JSON.stringify(rules), masks: JSON.stringify(masks) };
  await trx
    .insertInto('identity.role')
    .values({ workspace_id: workspaceId, slug, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'slug'])
        .doUpdateSet((row) => ({ ...values, revision: sql<number>`${row.ref('identity.role.revision')} + 1`, updated_at: sql<Date>`now()` })),
    )
    .execute();
}

export async function removeRole(trx: IdentityTransaction, { workspaceId, slug }: { workspaceId: string; slug: string }): Promise<void> {
  await trx.deleteFrom('identity.role').where('workspace_id', '=', workspaceId).where('slug', '=', slug).execute();
}

const shownMembers = 100;

/** What would lose or change when the role did. Grants and invitations that still count. */
export async function findHolders(db: Db, { workspaceId, slug }: { workspaceId: string; slug: string }): Promise<RoleHolders> {
  const { rows } = await sql<RoleHolders>`
    select (select coalesce(json_agg(json_build_object('id', p.id, 'email', p.email, 'name', p.name) order by p.email), '[]') from (
        select u.id, u.email, u.name from identity.membership m join identity."user" u on u.id = m.user_id
        where m.workspace_id = ${workspaceId} and m.role = ${slug} order by u.email limit ${shownMembers}) p) as members,
      (select count(*)::int from identity.membership where workspace_id = ${workspaceId} and role = ${slug}) as "memberCount",
      (select coalesce(json_agg(json_build_object('id', g.id, 'email', u.email) order by u.email), '[]') from identity.access_grant g join identity."user" u on u.id = g.user_id
        where g.workspace_id = ${workspaceId} and g.role = ${slug} and g.revoked_at is null and (g.ends_at is null or g.ends_at > now())) as grants,
      (select coalesce(json_agg(json_build_object('id', l.id, 'email', coalesce(l.email, '')) order by l.email), '[]') from identity.one_time_link l
        where l.workspace_id = ${workspaceId} and l.role = ${slug} and l.used_at is null and l.revoked_at is null and l.expires_at > now()) as invitations,
      (select array_remove(array[case when s.registration_role = ${slug} then 'registrationRole' end, case when ${slug} = any(s.second_factor_roles) then 'secondFactorRoles' end], null)
        from identity.sign_in_rules s) as "signInRules"`.execute(db);
  return rows[0] ?? { members: [], memberCount: 0, grants: [], invitations: [], signInRules: [] };
}

/** Everybody whom a change of the role's rules reaches: members in it and those who were granted it. */
export async function findReached(db: Db, { workspaceId, slug }: { workspaceId: string; slug: string }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select user_id as id from identity.membership where workspace_id = ${workspaceId} and role = ${slug}
    union select user_id from identity.access_grant where workspace_id = ${workspaceId} and role = ${slug} and revoked_at is null and (ends_at is null or ends_at > now())`.execute(
    db,
  );
  return rows.map((row) => row.id);
}
