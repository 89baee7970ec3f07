// All SQL about passkeys and the challenges that they sign.
import { sql } from 'kysely';
import type { PasskeyChallengeTable, PasskeyTable } from '../../storage/factor-tables.ts';
import type { Db } from './identity.store.ts';

export interface StoredPasskey {
  id: string;
  userId: string;
  title: string;
  credentialId: string;
  publicKey: Buffer;
  rpId: string;
  counter: number;
  transports: string[];
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

const columns = [
  'id',
  'user_id as userId',
  'title',
  'credential_id as credentialId',
  'public_key as publicKey',
  'rp_id as rpId',
  'counter',
  'transports',
  'backed_up as backedUp',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const;

export async function findPasskeys(db: Db, userId: string): Promise<StoredPasskey[]> {
  return db.selectFrom('identity.passkey').select(columns).where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute();
}

export async function countPasskeys(db: Db, userId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from identity.passkey where user_id = ${userId}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Those of the user that answer to the domain. */
export async function findCredentials(db: Db, { userId, rpId }: { userId: string; rpId: string }): Promise<{ id: string; transports: string[] }[]> {
  return db
    .selectFrom('identity.passkey')
    .select(['credential_id as id', 'transports'])
    .where('user_id', '=', userId)
    .where('rp_id', '=', rpId)
    .orderBy('created_at')
    .execute();
}

export async function findPasskeyByCredential(db: Db, credentialId: string): Promise<(StoredPasskey & { email: string }) | undefined> {
  const passkey = await db.selectFrom('identity.passkey').select(columns).where('credential_id', '=', credentialId).executeTakeFirst();
  if (!passkey) return undefined;
  const { email } = await db.selectFrom('identity.user').select('email').where('id', '=', passkey.userId).executeTakeFirstOrThrow();
  return { ...passkey, email };
}

/** @returns undefined when that credential is known already, whose ever it is */
export async function insertPasskey(db: Db, row: Omit<PasskeyTable, 'created_at' | 'last_used_at'>): Promise<StoredPasskey | undefined> {
  return db
    .insertInto('identity.passkey')
    .values({ ...row, last_used_at: null })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning(columns)
    .executeTakeFirst();
}

/** @returns the title before; undefined when the user has no such passkey */
export async function renamePasskeyRow(db: Db, { id, userId, title }: { id: string; userId: string; title: string }): Promise<string | undefined> {
  const { rows } = await sql<{ before: string }>`
    update identity.passkey p set title = ${title} from (select id, title from identity.passkey where id = ${id} and user_id = ${userId} for update) o
    where p.id = o.id returning o.title as before`.execute(db);
  return rows[0]?.before;
}

/** @returns its title */
export async function deletePasskey(db: Db, { id, userId }: { id: string; userId: string }): Promise<string | undefined> {
  const row = await db.deleteFrom('identity.passkey').where('id', '=', id).where('user_id', '=', userId).returning('title').executeTakeFirst();
  return row?.title;
}

/** A device that counts its signatures counts upwards; zero: it does not count. @returns false when it did not grow, also by a rival at the same instant */
export async function notePasskeyUse(db: Db, { id, counter, backedUp }: { id: string; counter: number; backedUp: boolean }): Promise<boolean> {
  const { rows } = await sql`
    update identity.passkey set counter = ${counter}, backed_up = ${backedUp}, last_used_at = now()
    where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter} = 0)) returning 1`.execute(db);
  return rows.length > 0;
}

/** What has expired goes with it. */
export async function insertChallenge(db: Db, row: PasskeyChallengeTable): Promise<void> {
  await db.insertInto('identity.passkey_challenge').values(row).execute();
  await db.deleteFrom('identity.passkey_challenge').where('expires_at', '<', sql<Date>`now()`).execute();
}

export type TakenChallenge = Pick<PasskeyChallengeTable, 'purpose'> & { userId: string | null };

/** Each is taken once, by the browser it was made for. */
export async function takeChallenge(db: Db, { challenge, browserHash }: { challenge: string; browserHash: string }): Promise<TakenChallenge | undefined> {
  return db
    .deleteFrom('identity.passkey_challenge')
    .where('challenge', '=', challenge)
    .where('browser_hash', '=', browserHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['purpose', 'user_id as userId'])
    .executeTakeFirst();
}
