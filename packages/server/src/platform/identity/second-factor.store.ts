// All SQL about second factors as such, authenticator apps and recovery codes.
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

export interface StoredFactor {
  sealedSecret: Buffer;
  isConfirmed: boolean;
}
export type Method = Exclude<FactorMethod, 'recovery'>;

/** What counts as a second factor of the user just now. */
export async function findMethods(db: Db, userId: string): Promise<Method[]> {
  const rows = await db.selectFrom('identity.second_factor').select('method').where('user_id', '=', userId).execute();
  return rows.map((row) => row.method);
}

/** To the end of the transaction: two that add or remove at the same instant see each other. */
export async function lockMethods(db: Db, userId: string): Promise<Method[]> {
  await sql`select 1 from identity."user" where id = ${userId} for no key update`.execute(db);
  return findMethods(db, userId);
}

export async function isYoungSession(db: Db, { id, minutes }: { id: string; minutes: number }): Promise<boolean> {
  const { rows } = await sql`select 1 from identity.session where id = ${id} and created_at > now() - make_interval(mins => ${minutes})`.execute(db);
  return rows.length > 0;
}

export async function findFactor(db: Db, userId: string): Promise<StoredFactor | undefined> {
  const row = await db.selectFrom('identity.totp').select(['sealed_secret', 'confirmed_at']).where('user_id', '=', userId).executeTakeFirst();
  return row && { sealedSecret: row.sealed_secret, isConfirmed: row.confirmed_at !== null };
}

/** @returns false when a confirmed one is there, which stays */
export async function savePendingFactor(db: Db, { userId, sealedSecret }: { userId: string; sealedSecret: Buffer }): Promise<boolean> {
  const { rows } = await sql`
    insert into identity.totp as t (user_id, sealed_secret) values (${userId}, ${sealedSecret})
    on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0, created_at = now() where t.confirmed_at is null
    returning 1`.execute(db);
  return rows.length > 0;
}

/** A code is taken once: of two with the same step one gets true. `confirm`: the first code, which switches the factor on. */
export async function takeStep(db: Db, { userId, step, confirm }: { userId: string; step: number; confirm: boolean }): Promise<boolean> {
  const { rows } = await sql`
    update identity.totp set last_step = ${step}, confirmed_at = coalesce(confirmed_at, now())
    where user_id = ${userId} and last_step < ${step} and (confirmed_at is null) = ${confirm} returning 1`.execute(db);
  return rows.length > 0;
}

/** The authenticator app alone. */
export async function deleteFactor(db: Db, userId: string): Promise<boolean> {
  return (await db.deleteFrom('identity.totp').where('user_id', '=', userId).executeTakeFirst()).numDeletedRows > 0n;
}

/** Every method and the recovery codes. @returns what there was */
export async function deleteMethods(db: Db, userId: string): Promise<Method[]> {
  const methods = await lockMethods(db, userId);
  for (const table of ['identity.totp', 'identity.passkey', 'identity.email_factor', 'identity.recovery_code', 'identity.pending_sign_in'] as const)
    await db.deleteFrom(table).where('user_id', '=', userId).execute();
  return methods;
}

export async function deleteRecoveryCodes(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('identity.recovery_code').where('user_id', '=', userId).execute();
}

export async function replaceRecoveryCodes(db: Db, { userId, hashes }: { userId: string; hashes: string[] }): Promise<void> {
  await deleteRecoveryCodes(db, userId);
  await db
    .insertInto('identity.recovery_code')
    .values(hashes.map((code_hash) => ({ code_hash, user_id: userId, used_at: null })))
    .execute();
}

/** @returns whether it was there and unused; of two at the same instant one gets true */
export async function takeRecoveryCode(db: Db, { userId, hash }: { userId: string; hash: string }): Promise<boolean> {
  const result = await db
    .updateTable('identity.recovery_code')
    .set({ used_at: sql<Date>`now()` })
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function countRecoveryCodes(db: Db, userId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from identity.recovery_code where user_id = ${userId} and used_at is null`.execute(db);
  return rows[0]?.n ?? 0;
}
