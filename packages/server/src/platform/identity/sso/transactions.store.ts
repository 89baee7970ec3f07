// All SQL about sign-ins on their way.
import { sql } from 'kysely';
import type { Db } from '../identity.store.ts';

export interface Transaction {
  providerId: string;
  /** Who links an account; null for a sign-in. */
  userId: string | null;
  sealed: Buffer;
  next: string;
}

/** What has expired goes with it. */
export async function insertTransaction(
  db: Db,
  { stateHash, browserHash, minutes, ...row }: Transaction & { stateHash: string; browserHash: string; minutes: number },
): Promise<void> {
  await sql`delete from identity.sso_transaction where expires_at < now()`.execute(db);
  await db
    .insertInto('identity.sso_transaction')
    .values({
      state_hash: stateHash,
      browser_hash: browserHash,
      provider_id: row.providerId,
      user_id: row.userId,
      sealed: row.sealed,
      next: row.next,
      expires_at: new Date(Date.now() + minutes * 60_000),
    })
    .execute();
}

/** Taken by deleting it, by the browser that began it and at the provider it was begun for: of two at the same instant one gets it. */
export async function takeTransaction(
  db: Db,
  { stateHash, browserHash, providerId }: { stateHash: string; browserHash: string; providerId: string },
): Promise<Transaction | undefined> {
  const row = await db
    .deleteFrom('identity.sso_transaction')
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where('provider_id', '=', providerId)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['provider_id as providerId', 'user_id as userId', 'sealed', 'next'])
    .executeTakeFirst();
  return row;
}
