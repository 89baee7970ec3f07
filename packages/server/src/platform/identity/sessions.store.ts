// All SQL that ends many sessions at once.
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

/** And the sign-ins that wait for their second step. @returns how many sessions. `userId` undefined: of everybody. `but`: the id of the session that stays. */
export async function endSessionsOf(db: Db, { userId, but }: { userId: string | undefined; but?: string | undefined }): Promise<number> {
  let waiting = db.deleteFrom('identity.pending_sign_in');
  if (userId !== undefined) waiting = waiting.where('user_id', '=', userId);
  await waiting.execute();
  let query = db.deleteFrom('identity.session');
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (but !== undefined) query = query.where('id', '!=', but);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Of every member of the workspace. `withOthers`: also of those who are in another one too, whose sessions are for that as well. */
export async function endSessionsIn(
  db: Db,
  { workspaceId, withOthers, but }: { workspaceId: string; withOthers: boolean; but?: string | undefined },
): Promise<number> {
  let query = db
    .deleteFrom('identity.session')
    .where('user_id', 'in', (from) => from.selectFrom('identity.membership').select('user_id').where('workspace_id', '=', workspaceId));
  if (!withOthers)
    query = query.where('user_id', 'not in', (from) => from.selectFrom('identity.membership').select('user_id').where('workspace_id', '!=', workspaceId));
  if (but !== undefined) query = query.where('id', '!=', but);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Ends the oldest sessions of a user beyond what the rules allow. */
export async function endSurplusSessions(db: Db, userId: string): Promise<void> {
  await sql`delete from identity.session where user_id = ${userId} and id not in (
    select id from identity.session where user_id = ${userId} order by created_at desc, id desc limit (select max_sessions from identity.sign_in_rules))`.execute(
    db,
  );
}
