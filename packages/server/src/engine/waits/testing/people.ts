// People of a workspace, as rows: who they are and what was lent, without the ceremony of accounts.
import { permissions } from '@tidewheel/contract/route';
import { sql } from 'kysely';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import type { Databases } from '../../../storage/database.ts';

export interface Place {
  databases: Databases;
  workspaceId: string;
}

/** A member who may do everything that he is asked to. */
export async function person(
  { databases, workspaceId }: Place,
  { name, role, kind = 'person' }: { name: string; role: string; kind?: string },
): Promise<Actor & { userId: string }> {
  const id = newId();
  const email = `${name}@example.org`;
  await sql`insert into identity."user" (id, name, email, kind) values (${id}, ${name}, ${email}, ${kind})`.execute(databases.engine);
  await sql`insert into identity.membership (workspace_id, user_id, role) values (${workspaceId}, ${id}, ${role})`.execute(databases.engine);
  return { userId: id, label: email, workspaceId, role, permissions: new Set(permissions), kind: kind === 'service' ? 'service' : 'user' };
}

export async function lend({ databases, workspaceId }: Place, { from, to, only = null }: { from: Actor; to: Actor; only?: string[] | null }): Promise<void> {
  await sql`insert into identity.delegation (workspace_id, id, from_user, to_user, permissions, reason, ends_at)
    values (${workspaceId}, ${newId()}, ${from.userId}, ${to.userId}, ${only}::text[], 'away', now() + interval '1 day')`.execute(databases.engine);
}

export async function suspend({ databases }: Place, who: Actor): Promise<void> {
  await sql`update identity.membership set suspended_at = now() where user_id = ${who.userId}`.execute(databases.engine);
}
