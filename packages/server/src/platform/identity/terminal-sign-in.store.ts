// All SQL about terminals that a browser lets in.
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';
import type { Family } from './refresh-family.store.ts';

interface Allowed {
  sessionId: string;
  workspaceId: string;
  challenge: string;
  title: string;
}

/** What has expired goes with it. @returns when the code ends; undefined unless the session is a browser's: that of a program would live on through its children */
export async function insertTerminal(db: Db, { codeHash, minutes, ...row }: Allowed & { codeHash: string; minutes: number }): Promise<Date | undefined> {
  await sql`delete from identity.terminal_sign_in where expires_at < now()`.execute(db);
  const { rows } = await sql<{ expiresAt: Date }>`
    insert into identity.terminal_sign_in (code_hash, challenge, session_id, workspace_id, title, expires_at)
    select ${codeHash}, ${row.challenge}, s.id, ${row.workspaceId}::uuid, ${row.title}, now() + make_interval(mins => ${minutes})
    from identity.session s where s.id = ${row.sessionId} and s.kind = 'web'
    returning expires_at as "expiresAt"`.execute(db);
  return rows[0]?.expiresAt;
}

/** Taken by deleting it: of two at the same instant one gets it. */
export async function takeTerminal(db: Db, codeHash: string): Promise<Allowed | undefined> {
  return db
    .deleteFrom('identity.terminal_sign_in')
    .where('code_hash', '=', codeHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['session_id as sessionId', 'workspace_id as workspaceId', 'challenge', 'title'])
    .executeTakeFirst();
}

export interface Sibling extends Family {
  email: string;
}

/**
 * A session of a program beside that of the browser. It began when the browser's did and ends when that would have: it must not look like somebody who
 * signed in a moment ago. It belongs to the same provider, so that it ends with the link.
 */
export async function insertSibling(
  db: Db,
  { id, refreshHash, of, address, agent }: { id: string; refreshHash: string; of: Allowed; address: string; agent: string | null },
): Promise<Sibling | undefined> {
  const { rows } = await sql<Sibling>`
    insert into identity.session (id, user_id, token, kind, workspace_id, created_at, expires_at, last_seen_at, ip_address, user_agent, sso_provider_id, sso_factor)
    select ${id}, s.user_id, ${refreshHash}, 'api', ${of.workspaceId}::uuid, s.created_at, s.expires_at, now(), ${address}, ${agent}, s.sso_provider_id, s.sso_factor
    from identity.session s where s.id = ${of.sessionId} and s.expires_at > now()
    returning id as "sessionId", user_id as "userId", expires_at as "expiresAt",
      (select u.email from identity."user" u where u.id = identity.session.user_id) as email`.execute(db);
  return rows[0];
}
