// All SQL about password hashes.
import { sql } from 'kysely';
import { newId } from '../../base/ids.ts';
import type { Db } from './identity.store.ts';

const kept = 5;

/** The user's present hash; undefined for who has no password. Locked, where the transaction is one that changes it. */
export async function findPasswordHash(db: Db, userId: string): Promise<string | undefined> {
  const { rows } = await sql<{ password: string }>`
    select password from identity.account where user_id = ${userId} and provider_id = 'credential' and password is not null`.execute(db);
  return rows[0]?.password;
}

export async function findOldHashes(db: Db, userId: string): Promise<string[]> {
  const rows = await db.selectFrom('identity.password_history').select('hash').where('user_id', '=', userId).orderBy('id', 'desc').limit(kept).execute();
  return rows.map((row) => row.hash);
}

/** Keeps the newest hashes, the present one among them. */
export async function rememberHash(db: Db, { userId, hash }: { userId: string; hash: string }): Promise<void> {
  await db.insertInto('identity.password_history').values({ id: newId(), user_id: userId, hash }).execute();
  await sql`delete from identity.password_history where user_id = ${userId} and id not in (
    select id from identity.password_history where user_id = ${userId} order by id desc limit ${kept})`.execute(db);
}

export async function replaceHash(db: Db, { userId, hash }: { userId: string; hash: string }): Promise<void> {
  await sql`update identity.account set password = ${hash}, updated_at = now() where user_id = ${userId} and provider_id = 'credential'`.execute(db);
  await rememberHash(db, { userId, hash });
}

/** One change of a user's password at a time, so that none slips past the history. */
export async function lockPassword(db: Db, userId: string): Promise<void> {
  await sql`select 1 from identity."user" where id = ${userId} for update`.execute(db);
}
