// All SQL about users, memberships and sessions. It runs as the engine role (the schema is closed to the app role), so every statement
// that is about one workspace says so itself.

import type { Role } from '@tidewheel/contract/access';
import type { Session, User } from '@tidewheel/contract/routes/identity';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Databases } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';

/** The engine role's connection, which starts transactions. */
export type IdentityDb = Kysely<Database>;
export type IdentityTransaction = Transaction<Database>;
export type Db = IdentityDb | IdentityTransaction;

/** Who a credential stands for; `usedAt`: when it was last noted as used. */
export interface Holder {
  credentialId: string;
  userId: string;
  email: string;
  workspaceId: string;
  role: Role;
  /** What identity.access_of says of this user in this workspace: see access.ts. */
  access: string;
  usedAt: Date | null;
  kind: 'person' | 'local' | 'service';
  isArchived: boolean;
  /** Of a key: its rules as JSON; null: it carries all of the holder's rights. */
  scope: string | null;
  /** Of a key: from where it may be used; null: from everywhere. */
  networks: string[] | null;
  /** The role requires a second factor and there is none yet: nothing is allowed but to set it up. */
  isHeld?: boolean;
}

/** Asked with every request, so prepared once for each connection: planning would cost more than finding. */
export type CredentialPool = Databases['enginePool'];

/** `workspace`: a slug. Without it the workspace counts that was used last, else the oldest membership, archived ones left out. */
export async function findSessionHolder(pool: CredentialPool, tokenHash: string, workspace?: string): Promise<Holder | undefined> {
  const { rows } = await pool.query<Holder>({
    name: 'session-holder',
    text: `select s.id as "credentialId", u.id as "userId", u.email, m.workspace_id as "workspaceId", m.role, identity.access_of(u.id, m.workspace_id) as access, u.kind,
        case when m.last_used_at is not null then least(s.last_seen_at, m.last_used_at) end as "usedAt", w.archived_at is not null as "isArchived", null as scope, null as networks,
        m.role = any(r.second_factor_roles) and not s.sso_factor and not exists (select from identity.second_factor f where f.user_id = u.id) as "isHeld"
      from identity.session s join identity."user" u on u.id = s.user_id join identity.membership m on m.user_id = u.id join workspace w on w.id = m.workspace_id
        cross join identity.sign_in_rules r
      where case when $2::text is null then w.archived_at is null else m.workspace_id = workspace_named($2) end and s.token = $1 and s.kind = 'web' and m.suspended_at is null and s.expires_at > now() and greatest(s.created_at, s.last_seen_at) > now() - make_interval(mins => r.idle_minutes)
      order by m.last_used_at desc nulls last, m.created_at, m.workspace_id limit 1`,
    values: [tokenHash, workspace ?? null],
  });
  return rows[0];
}

/** A token is for one workspace; only that of the local operator opens each of them. */
export async function findApiTokenHolder(pool: CredentialPool, tokenHash: string, workspace?: string): Promise<Holder | undefined> {
  const { rows } = await pool.query<Holder>({
    name: 'api-token-holder',
    text: `select t.id as "credentialId", u.id as "userId", u.email, m.workspace_id as "workspaceId", m.role, identity.access_of(u.id, m.workspace_id) as access, t.last_used_at as "usedAt",
        u.kind, w.archived_at is not null as "isArchived", t.scope::text as scope, t.networks
      from identity.api_token t join identity."user" u on u.id = t.user_id join identity.membership m on m.user_id = u.id join workspace w on w.id = m.workspace_id
      where ($2::text is null or m.workspace_id = workspace_named($2)) and (m.workspace_id = t.workspace_id or (u.kind = 'local' and $2 is not null))
        and t.token_hash = $1 and m.suspended_at is null and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`,
    values: [tokenHash, workspace ?? null],
  });
  return rows[0];
}

export async function noteSessionUse(db: Db, { credentialId, userId, workspaceId }: Pick<Holder, 'credentialId' | 'userId' | 'workspaceId'>): Promise<void> {
  await db.updateTable('identity.session').set({ last_seen_at: sql`now()` }).where('id', '=', credentialId).execute();
  await db
    .updateTable('identity.membership')
    .set({ last_used_at: sql<Date>`now()` })
    .where('user_id', '=', userId)
    .where('workspace_id', '=', workspaceId)
    .execute();
}
export async function noteApiTokenUse(db: Db, { credentialId }: Pick<Holder, 'credentialId'>, address: string | undefined): Promise<void> {
  await db
    .updateTable('identity.api_token')
    .set({ last_used_at: sql`now()`, last_used_address: address ?? null })
    .where('id', '=', credentialId)
    .execute();
}

export interface Profile {
  id: string;
  email: string;
  name: string;
  emailVerified: boolean;
  role: Role;
  access: string;
  hasFactor: boolean;
  /** By the rules of signing in. */
  needsFactor: boolean;
  workspace: { id: string; slug: string; title: string };
  /** Those that the person can enter. */
  workspaces: { slug: string; title: string }[];
}

/** `sessionId`: that by which the user calls; its provider may have proved a second factor. */
export async function findProfile(
  db: Db,
  { userId, workspaceId, sessionId }: { userId: string; workspaceId: string; sessionId?: string | undefined },
): Promise<Profile | undefined> {
  const row = await db
    .selectFrom('identity.user as u')
    .innerJoin('identity.membership as m', 'm.user_id', 'u.id')
    .innerJoin('workspace as w', 'w.id', 'm.workspace_id')
    .select(['u.id', 'u.email', 'u.name', 'u.email_verified', 'm.role', 'w.id as workspace', 'w.slug', 'w.title'])
    .select(sql<string>`identity.access_of(u.id, w.id)`.as('access'))
    .select(
      sql<Profile['workspaces']>`(select json_agg(json_build_object('slug', ow.slug, 'title', ow.title) order by lower(ow.title), ow.id)
        from identity.membership om join workspace ow on ow.id = om.workspace_id where om.user_id = u.id and om.suspended_at is null and ow.archived_at is null)`.as(
        'workspaces',
      ),
    )
    .select(
      sql<boolean>`exists (select from identity.second_factor f where f.user_id = u.id)
        or exists (select from identity.session s where s.id = ${sessionId ?? null}::uuid and s.user_id = u.id and s.sso_factor)`.as('hasFactor'),
    )
    .select(sql<boolean>`m.role = any((select second_factor_roles from identity.sign_in_rules)::text[])`.as('needsFactor'))
    .where('u.id', '=', userId)
    .where('m.workspace_id', '=', workspaceId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { id, email, name, role, access, hasFactor, needsFactor, workspaces } = row;
  return {
    id,
    email,
    name,
    emailVerified: row.email_verified,
    role,
    access,
    hasFactor,
    needsFactor,
    workspace: { id: row.workspace, slug: row.slug, title: row.title },
    workspaces: workspaces ?? [],
  };
}

export async function findUsers(db: Db, workspaceId: string, userId?: string): Promise<User[]> {
  const { rows } = await sql<Omit<User, 'createdAt' | 'lastSeenAt' | 'suspendedAt'> & { createdAt: Date; lastSeenAt: Date | null; suspendedAt: Date | null }>`
    select u.id, u.email, u.name, m.role, m.created_at as "createdAt", m.suspended_at as "suspendedAt",
      exists (select from identity.second_factor f where f.user_id = u.id) as "secondFactor",
      greatest((select max(last_seen_at) from identity.session s where s.user_id = u.id), (select max(last_used_at) from identity.api_token t where t.user_id = u.id), m.last_used_at) as "lastSeenAt"
    from identity.membership m join identity."user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and case when ${userId ?? null}::uuid is null then u.kind <> 'service' else u.id = ${userId ?? null}::uuid end
    order by u.email`.execute(db);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
  }));
}

export async function emailIsTaken(db: Db, email: string): Promise<boolean> {
  const row = await db.selectFrom('identity.user').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
  return row !== undefined;
}

export async function addMembership(db: Db, { workspaceId, userId, role }: { workspaceId: string; userId: string; role: Role }): Promise<void> {
  await db.insertInto('identity.membership').values({ workspace_id: workspaceId, user_id: userId, role }).execute();
}

/** Persons who administer the workspace, their memberships locked until the transaction ends. */
export async function lockAdministrators(db: Db, workspaceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.membership as m')
    .innerJoin('identity.user as u', 'u.id', 'm.user_id')
    .select('m.user_id')
    .where('m.workspace_id', '=', workspaceId)
    .where('m.role', '=', 'admin')
    .where('m.suspended_at', 'is', null)
    .where('u.kind', '=', 'person')
    .orderBy('m.user_id')
    .forUpdate('m')
    .execute();
  return rows.map((row) => row.user_id);
}

/** One at a time from here to the end of the transaction: whoever makes the first administrator. */
export async function lockFirstAdministrator(trx: IdentityTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(7283640010)`.execute(trx);
}

/** The user that stands for this machine's operator, made when it is missing: administrator of every workspace. @returns its id */
export async function ensureLocalOperator(trx: IdentityTransaction, { id, email }: { id: string; email: string }): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into identity."user" (id, name, email, email_verified, kind) values (${id}, 'Local operator', ${email}, true, 'local')
    on conflict (email) where kind <> 'service' do update set updated_at = now() returning id`.execute(trx);
  const userId = rows[0]?.id ?? id;
  await sql`insert into identity.membership (workspace_id, user_id, role) select id, ${userId}, 'admin' from workspace on conflict do nothing`.execute(trx);
  return userId;
}

export async function findMainWorkspace(db: Db): Promise<string | undefined> {
  const row = await db.selectFrom('workspace').select('id').orderBy('created_at').orderBy('id').executeTakeFirst();
  return row?.id;
}

/** Of several workspaces the oldest membership counts, as for a session. */
export async function findMemberByEmail(db: Db, email: string): Promise<{ userId: string; email: string; workspaceId: string } | undefined> {
  return db
    .selectFrom('identity.user as u')
    .innerJoin('identity.membership as m', 'm.user_id', 'u.id')
    .select(['u.id as userId', 'u.email', 'm.workspace_id as workspaceId'])
    .where('u.email', '=', email.toLowerCase())
    .orderBy('m.created_at')
    .orderBy('m.workspace_id')
    .executeTakeFirst();
}

export async function findKind(db: Db, userId: string): Promise<'person' | 'local' | 'service' | undefined> {
  const row = await db.selectFrom('identity.user').select('kind').where('id', '=', userId).executeTakeFirst();
  return row?.kind;
}

/** @returns whether the user is a member of the workspace. */
export async function updateRole(db: Db, { workspaceId, userId, role }: { workspaceId: string; userId: string; role: Role }): Promise<boolean> {
  const result = await db
    .updateTable('identity.membership')
    // Set by hand from now on: rules of a provider leave it alone.
    .set({ role, sso_provider_id: null })
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function findSessions(db: Db, userId: string, currentId: string | undefined): Promise<Session[]> {
  const rows = await db
    .selectFrom('identity.session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<Date>`now()`)
    .where(sql<boolean>`greatest(created_at, last_seen_at) > now() - (select make_interval(mins => idle_minutes) from identity.sign_in_rules)`)
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    address: row.ip_address,
    agent: row.user_agent,
    kind: row.kind,
    current: row.id === currentId,
  }));
}

export async function deleteSession(db: Db, by: { userId: string; id: string } | { tokenHash: string }): Promise<boolean> {
  const query = db.deleteFrom('identity.session');
  const result = await ('tokenHash' in by
    ? query.where('token', '=', by.tokenHash)
    : query.where('user_id', '=', by.userId).where('id', '=', by.id)
  ).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** What has expired is of no use to anybody; called at start. */
export async function forgetExpired(db: Db): Promise<void> {
  await db.deleteFrom('identity.session').where('expires_at', '<', sql<Date>`now()`).execute();
  await db.deleteFrom('identity.sign_in_attempt').where('touched_at', '<', sql<Date>`now() - interval '1 day'`).execute();
}
