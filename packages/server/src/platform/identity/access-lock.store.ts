// What the changes of who may do what have in common: one at a time in a workspace, so that none is decided on what another one is just changing.
import { sql } from 'kysely';
import type { Db, IdentityTransaction } from './identity.store.ts';

/** Until the transaction ends; take it before any row. */
export async function lockAccess(trx: IdentityTransaction, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`access ${workspaceId}`}, 0))`.execute(trx);
}

export async function isMainWorkspace(db: Db, workspaceId: string): Promise<boolean> {
  const { rows } = await sql<{ main: boolean }>`select ${workspaceId}::uuid = (select id from workspace order by created_at, id limit 1) as main`.execute(db);
  return rows[0]?.main ?? false;
}

export interface MemberAccess {
  id: string;
  email: string;
  name: string;
  role: string;
  suspended: boolean;
  /** What identity.access_of says. */
  access: string;
}

/** By e-mail address. With `planned` also what has not begun yet. */
export async function findMemberAccess(
  db: Db,
  {
    workspaceId,
    ids,
    after,
    limit = 10_000,
    planned = false,
  }: { workspaceId: string; ids?: readonly string[]; after?: string; limit?: number; planned?: boolean },
): Promise<MemberAccess[]> {
  const { rows } = await sql<MemberAccess>`
    select u.id, u.email, u.name, m.role, m.suspended_at is not null as suspended, identity.access_of(u.id, m.workspace_id, ${planned}) as access
    from identity.membership m join identity."user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and (${ids ?? null}::uuid[] is null or u.id = any(${ids ?? null}::uuid[])) and (${after ?? null}::uuid is null or u.email > (select email from identity."user" where id = ${after ?? null}::uuid))
    order by u.email limit ${limit}`.execute(db);
  return rows;
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: string;
  kind: 'person' | 'local' | 'service';
  suspended: boolean;
}

export async function findMember(db: Db, { workspaceId, ...by }: { workspaceId: string } & ({ email: string } | { id: string })): Promise<Member | undefined> {
  const query = db
    .selectFrom('identity.membership as m')
    .innerJoin('identity.user as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.email', 'u.name', 'u.kind', 'm.role', 'm.suspended_at'])
    .where('m.workspace_id', '=', workspaceId);
  const row = await ('email' in by ? query.where('u.email', '=', by.email.toLowerCase()) : query.where('u.id', '=', by.id)).orderBy('u.id').executeTakeFirst();
  return row && { id: row.id, email: row.email, name: row.name, kind: row.kind, role: row.role, suspended: row.suspended_at !== null };
}

/** Those to whom one of these members lends, or will. */
export async function findBorrowers(db: Db, { workspaceId, lenders }: { workspaceId: string; lenders: readonly string[] }): Promise<string[]> {
  if (lenders.length === 0) return [];
  const rows = await db
    .selectFrom('identity.delegation')
    .select('to_user')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .where('from_user', 'in', [...lenders])
    .where('revoked_at', 'is', null)
    .where('ends_at', '>', sql<Date>`now()`)
    .execute();
  return rows.map((row) => row.to_user);
}
