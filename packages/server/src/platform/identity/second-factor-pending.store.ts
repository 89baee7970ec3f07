// All SQL about sign-ins that wait for their second step, and about the code that was mailed for one.
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

export interface PendingSignIn {
  tokenHash: string;
  userId: string;
  email: string;
  emailVerified: boolean;
}

/** What has expired goes with it, and what one user left open beyond ten. */
export async function insertPending(db: Db, { tokenHash, userId, expiresAt }: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void> {
  await db
    .insertInto('identity.pending_sign_in')
    .values({ token_hash: tokenHash, user_id: userId, expires_at: expiresAt, code_hash: null, code_expires_at: null, code_sent_at: null })
    .execute();
  await sql`delete from identity.pending_sign_in where expires_at < now() or (user_id = ${userId} and token_hash not in (
    select token_hash from identity.pending_sign_in where user_id = ${userId} order by created_at desc limit 10))`.execute(db);
}

export async function findPending(db: Db, tokenHash: string): Promise<PendingSignIn | undefined> {
  return db
    .selectFrom('identity.pending_sign_in as p')
    .innerJoin('identity.user as u', 'u.id', 'p.user_id')
    .select(['p.token_hash as tokenHash', 'u.id as userId', 'u.email', 'u.email_verified as emailVerified'])
    .where('p.token_hash', '=', tokenHash)
    .where('p.expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
}

/** Taken by deleting it: of two at the same instant one gets true. */
export async function endPending(db: Db, { tokenHash, userId }: { tokenHash: string; userId: string }): Promise<boolean> {
  const result = await db.deleteFrom('identity.pending_sign_in').where('token_hash', '=', tokenHash).where('user_id', '=', userId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** A new code voids the one before. @returns how many were sent by now; undefined when that many were sent already, or one just now */
export async function noteCode(
  db: Db,
  { tokenHash, codeHash, expiresAt, most, pauseSeconds }: { tokenHash: string; codeHash: string; expiresAt: Date; most: number; pauseSeconds: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ sent: number }>`
    update identity.pending_sign_in set code_hash = ${codeHash}, code_expires_at = ${expiresAt}, code_tries = 0, codes_sent = codes_sent + 1, code_sent_at = now()
    where token_hash = ${tokenHash} and expires_at > now() and codes_sent < ${most}
      and (code_sent_at is null or code_sent_at < now() - make_interval(secs => ${pauseSeconds}))
    returning codes_sent as sent`.execute(db);
  return rows[0]?.sent;
}

/** Counts the try before it is judged. @returns the hash to compare with; undefined when there is no code, or no try left */
export async function tryCode(db: Db, { tokenHash, userId, most }: { tokenHash: string; userId: string; most: number }): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`
    update identity.pending_sign_in set code_tries = code_tries + 1
    where token_hash = ${tokenHash} and user_id = ${userId} and expires_at > now() and code_expires_at > now() and code_tries < ${most} and code_hash is not null
    returning code_hash as hash`.execute(db);
  return rows[0]?.hash;
}
