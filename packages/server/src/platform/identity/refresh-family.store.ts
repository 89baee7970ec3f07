// All SQL about sessions of programs: a session and the refresh tokens that came after one another in it.
import { sql } from 'kysely';
import type { CredentialPool, Db, Holder } from './identity.store.ts';

/** Asked with every request that brings an access token; prepared, as for a session of a browser. */
export async function findAccessHolder(
  pool: CredentialPool,
  { sessionId, userId, workspaceId }: { sessionId: string; userId: string; workspaceId: string },
  workspace?: string,
): Promise<Holder | undefined> {
  const { rows } = await pool.query<Holder>({
    name: 'access-holder',
    text: `select s.id as "credentialId", u.id as "userId", u.email, m.workspace_id as "workspaceId", m.role, identity.access_of(u.id, m.workspace_id) as access, s.last_seen_at as "usedAt",
        u.kind, w.archived_at is not null as "isArchived", null as scope, null as networks,
        m.role = any(r.second_factor_roles) and not s.sso_factor and not exists (select from identity.second_factor f where f.user_id = u.id) as "isHeld"
      from identity.session s join identity."user" u on u.id = s.user_id join identity.membership m on m.user_id = u.id join workspace w on w.id = m.workspace_id cross join identity.sign_in_rules r
      where ($4::text is null or m.workspace_id = workspace_named($4)) and s.id = $1 and s.kind = 'api' and s.user_id = $2 and m.workspace_id = $3 and m.suspended_at is null
        and s.expires_at > now() and greatest(s.created_at, s.last_seen_at) > now() - make_interval(mins => r.idle_minutes)`,
    values: [sessionId, userId, workspaceId, workspace ?? null],
  });
  return rows[0];
}

/** A session that was just made becomes one of a program: the value it had opens nothing any more. @returns when it ends */
export async function turnIntoFamily(
  db: Db,
  { sessionId, refreshHash, workspaceId }: { sessionId: string; refreshHash: string; workspaceId: string },
): Promise<Date> {
  const { expires_at } = await db
    .updateTable('identity.session')
    .set({ kind: 'api', token: refreshHash, workspace_id: workspaceId })
    .where('id', '=', sessionId)
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return expires_at;
}

export interface Family {
  sessionId: string;
  userId: string;
  expiresAt: Date;
}

/** Puts the new refresh token in the place of the old. Of two at the same instant one gets the family, the other undefined. */
export async function rotateRefresh(db: Db, { oldHash, newHash }: { oldHash: string; newHash: string }): Promise<Family | undefined> {
  const { rows } = await sql<Family>`
    update identity.session set token = ${newHash}, last_seen_at = now(), updated_at = now()
    where token = ${oldHash} and kind = 'api' and expires_at > now()
      and greatest(created_at, last_seen_at) > now() - (select make_interval(mins => idle_minutes) from identity.sign_in_rules)
    returning id as "sessionId", user_id as "userId", expires_at as "expiresAt"`.execute(db);
  const [family] = rows;
  if (family) await db.insertInto('identity.used_refresh_token').values({ token_hash: oldHash, session_id: family.sessionId }).execute();
  return family;
}

export interface Reused {
  sessionId: string;
  userId: string;
  email: string;
}

/** The living session in which this refresh token was used before. */
export async function findReused(db: Db, tokenHash: string): Promise<Reused | undefined> {
  return db
    .selectFrom('identity.used_refresh_token as t')
    .innerJoin('identity.session as s', 's.id', 't.session_id')
    .innerJoin('identity.user as u', 'u.id', 's.user_id')
    .select(['s.id as sessionId', 'u.id as userId', 'u.email'])
    .where('t.token_hash', '=', tokenHash)
    .executeTakeFirst();
}

/**
 * Of the workspaces that the user may enter: the one that is named (then no other), else that of the session, else the one used last, else the
 * oldest membership.
 */
export async function findFamilyWorkspace(
  db: Db,
  { userId, sessionId, workspace }: { userId: string; sessionId?: string; workspace?: string | undefined },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select m.workspace_id as id from identity.membership m join workspace w on w.id = m.workspace_id
    where m.user_id = ${userId} and m.suspended_at is null and w.archived_at is null
      and (${workspace ?? null}::text is null or m.workspace_id = workspace_named(${workspace ?? null}))
    order by m.workspace_id = (select s.workspace_id from identity.session s where s.id = ${sessionId ?? null}::uuid) desc nulls last,
      m.last_used_at desc nulls last, m.created_at, m.workspace_id limit 1`.execute(db);
  return rows[0]?.id;
}

/** The session's tokens are for this workspace from now on. */
export async function keepFamilyWorkspace(db: Db, { sessionId, workspaceId }: { sessionId: string; workspaceId: string }): Promise<void> {
  await db.updateTable('identity.session').set({ workspace_id: workspaceId }).where('id', '=', sessionId).execute();
}

/** Null: it has no end of its own. */
export async function findExpiry(db: Db, { kind, id }: { kind: 'session' | 'access-token' | 'api-token'; id: string }): Promise<Date | null> {
  const table = kind === 'api-token' ? 'identity.api_token' : 'identity.session';
  const row = await db.selectFrom(table).select('expires_at').where('id', '=', id).executeTakeFirst();
  return row?.expires_at ?? null;
}
