// All SQL by which administrators look at one user and take away what it has.
import type { Role } from '@tidewheel/contract/access';
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

export interface Account {
  id: string;
  email: string;
  name: string;
  emailVerified: boolean;
  kind: 'person' | 'local' | 'service';
  role: Role;
  suspendedAt: Date | null;
  /** Also a member of another workspace. */
  elsewhere: boolean;
}

/** A member of the workspace; locked where the transaction is one that changes it. */
export async function findAccount(db: Db, { id, workspaceId, lock }: { id: string; workspaceId: string; lock?: true }): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    select u.id, u.email, u.name, u.email_verified as "emailVerified", u.kind, m.role, m.suspended_at as "suspendedAt",
      exists (select from identity.membership o where o.user_id = u.id and o.workspace_id <> m.workspace_id) as elsewhere
    from identity.membership m join identity."user" u on u.id = m.user_id
    where m.user_id = ${id} and m.workspace_id = ${workspaceId} ${lock ? sql`for update of m, u` : sql``}`.execute(db);
  return rows[0];
}

export async function setSuspended(db: Db, { id, workspaceId, isSuspended }: { id: string; workspaceId: string; isSuspended: boolean }): Promise<void> {
  await db
    .updateTable('identity.membership')
    .set({ suspended_at: isSuspended ? sql<Date>`now()` : null })
    .where('user_id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .execute();
}

/** What the user lent to others, so that nobody goes on in the name of who was shut out. */
export async function endLending(db: Db, { id, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  await sql`update identity.delegation set revoked_at = now() where from_user = ${id} and workspace_id = ${workspaceId} and revoked_at is null`.execute(db);
}

export async function saveName(db: Db, { id, name }: { id: string; name: string }): Promise<void> {
  await db.updateTable('identity.user').set({ name, updated_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

/** Everything that ties the user to the workspace. */
export async function deleteMembership(db: Db, { id, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  for (const statement of [
    sql`delete from identity.api_token where user_id = ${id} and workspace_id = ${workspaceId}`,
    sql`delete from identity.access_grant where user_id = ${id} and workspace_id = ${workspaceId}`,
    sql`delete from identity.delegation where (from_user = ${id} or to_user = ${id}) and workspace_id = ${workspaceId}`,
    sql`delete from identity.membership where user_id = ${id} and workspace_id = ${workspaceId}`,
  ])
    await statement.execute(db);
}

/** The account with its password, factors, sessions and links. */
export async function eraseUser(db: Db, { id, email, workspaceId }: { id: string; email: string; workspaceId: string }): Promise<void> {
  // An open invitation of another workspace is that one's own.
  await db
    .deleteFrom('identity.one_time_link')
    .where('email', '=', email)
    .where((is) => is.or([is('workspace_id', '=', workspaceId), is('used_at', 'is not', null)]))
    .execute();
  await db.deleteFrom('identity.user').where('id', '=', id).execute();
}

/** The link proved that the new address gets mail. Links to the old one are void. @throws the driver's 23505 when somebody has it */
export async function replaceEmail(db: Db, { id, email }: { id: string; email: string }): Promise<void> {
  await db.updateTable('identity.user').set({ email, email_verified: true, updated_at: sql<Date>`now()` }).where('id', '=', id).execute();
  await db.deleteFrom('identity.account_link').where('user_id', '=', id).where('used_at', 'is', null).execute();
}
