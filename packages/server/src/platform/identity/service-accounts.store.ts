// All SQL about service accounts. Each statement names the workspace: the engine role sees them all.
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

/** In the place of an address; `@me` in rules and the trail say it too. */
export function labelOf(slug: string): string {
  return `service:${slug}`;
}
export function slugOfLabel(label: string): string {
  return label.slice(labelOf('').length);
}

interface AccountRow extends Omit<ServiceAccount, 'createdAt' | 'suspendedAt' | 'lastUsedAt' | 'nextExpiry'> {
  createdAt: Date;
  suspendedAt: Date | null;
  lastUsedAt: Date | null;
  nextExpiry: Date | null;
}

/** `slug`: that one alone. `lock`: until the transaction ends. */
export async function findServiceAccounts(db: Db, { workspaceId, slug, lock }: { workspaceId: string; slug?: string; lock?: true }): Promise<ServiceAccount[]> {
  const { rows } = await sql<AccountRow>`
    select u.id, a.slug, u.name as title, a.description, m.role, o.email as owner, a.created_at as "createdAt", a.created_by as "createdBy",
      m.suspended_at as "suspendedAt", k.used as "lastUsedAt", coalesce(k.working, 0)::int as keys, k.next as "nextExpiry"
    from identity.service_account a join identity."user" u on u.id = a.user_id
      join identity.membership m on m.user_id = a.user_id and m.workspace_id = a.workspace_id
      left join identity."user" o on o.id = a.owner_id
      left join lateral (select max(t.last_used_at) as used, count(*) filter (where t.revoked_at is null and t.expires_at > now()) as working,
          min(t.expires_at) filter (where t.revoked_at is null and t.expires_at > now()) as next
        from identity.api_token t where t.user_id = a.user_id and t.workspace_id = a.workspace_id) k on true
    where a.workspace_id = ${workspaceId} and (${slug ?? null}::text is null or a.slug = ${slug ?? null})
    order by a.slug limit 2000 ${lock ? sql`for update of a, m` : sql``}`.execute(db);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    nextExpiry: row.nextExpiry?.toISOString() ?? null,
  }));
}

export interface NewServiceAccount {
  workspaceId: string;
  id: string;
  slug: string;
  title: string;
  description: string;
  role: string;
  ownerId: string | null;
  createdBy: string;
}

/** @throws the driver's 23505 when the slug is taken */
export async function insertServiceAccount(db: Db, account: NewServiceAccount): Promise<void> {
  const { workspaceId, id, slug, title, description, role, ownerId, createdBy } = account;
  await db
    .insertInto('identity.user')
    .values({ id, name: title, email: labelOf(slug), email_verified: false, kind: 'service' })
    .execute();
  await db.insertInto('identity.membership').values({ workspace_id: workspaceId, user_id: id, role }).execute();
  await db
    .insertInto('identity.service_account')
    .values({ workspace_id: workspaceId, user_id: id, slug, description, owner_id: ownerId, created_by: createdBy })
    .execute();
}

export async function saveServiceAccount(
  db: Db,
  { workspaceId, id, title, description, ownerId }: { workspaceId: string; id: string; title: string; description: string; ownerId: string | null },
): Promise<void> {
  await db.updateTable('identity.user').set({ name: title, updated_at: sql<Date>`now()` }).where('id', '=', id).execute();
  await db
    .updateTable('identity.service_account')
    .set({ description, owner_id: ownerId })
    .where('user_id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .execute();
}

/** With its membership, keys and grants. */
export async function eraseServiceAccount(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<void> {
  const ofWorkspace = db.selectFrom('identity.service_account').select('user_id').where('workspace_id', '=', workspaceId);
  await db.deleteFrom('identity.user').where('id', '=', id).where('id', 'in', ofWorkspace).where('kind', '=', 'service').execute();
}

/** A person who is a member of the workspace, by e-mail. */
export async function findOwner(db: Db, { workspaceId, email }: { workspaceId: string; email: string }): Promise<string | undefined> {
  const row = await db
    .selectFrom('identity.user as u')
    .innerJoin('identity.membership as m', 'm.user_id', 'u.id')
    .select('u.id')
    .where('m.workspace_id', '=', workspaceId)
    .where('u.email', '=', email.toLowerCase())
    .where('u.kind', '=', 'person')
    .executeTakeFirst();
  return row?.id;
}
