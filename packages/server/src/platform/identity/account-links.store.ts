// All SQL about links to accounts that exist.
import { sql } from 'kysely';
import type { AccountLinkTable } from '../../storage/installation-tables.ts';
import type { Db } from './identity.store.ts';

export interface AccountLink {
  userId: string;
  email: string;
  purpose: AccountLinkTable['purpose'];
  mailed: boolean;
  expiresAt: Date;
  state: 'open' | 'used' | 'expired';
  /** Of an email-change alone. */
  newEmail: string | null;
}

/** Voids the user's open links of the same purpose. */
export async function insertAccountLink(
  db: Db,
  link: {
    id: string;
    userId: string;
    purpose: AccountLink['purpose'];
    tokenHash: string;
    mailed: boolean;
    createdBy: string;
    expiresAt: Date;
    newEmail?: string;
  },
): Promise<void> {
  await db.deleteFrom('identity.account_link').where('user_id', '=', link.userId).where('purpose', '=', link.purpose).where('used_at', 'is', null).execute();
  await db
    .insertInto('identity.account_link')
    .values({
      id: link.id,
      user_id: link.userId,
      purpose: link.purpose,
      token_hash: link.tokenHash,
      mailed: link.mailed,
      created_by: link.createdBy,
      expires_at: link.expiresAt,
      used_at: null,
      new_email: link.newEmail ?? null,
    })
    .execute();
}

export async function findAccountLink(db: Db, tokenHash: string): Promise<AccountLink | undefined> {
  const row = await db
    .selectFrom('identity.account_link as l')
    .innerJoin('identity.user as u', 'u.id', 'l.user_id')
    .select(['l.user_id', 'u.email', 'l.purpose', 'l.mailed', 'l.expires_at', 'l.used_at', 'l.new_email'])
    .where('l.token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (!row) return undefined;
  const state = row.used_at ? 'used' : row.expires_at <= new Date() ? 'expired' : 'open';
  return { userId: row.user_id, email: row.email, purpose: row.purpose, mailed: row.mailed, expiresAt: row.expires_at, state, newEmail: row.new_email };
}

/** @returns whether it was open; of two at the same instant one gets true */
export async function useAccountLink(db: Db, tokenHash: string, purpose: AccountLink['purpose']): Promise<boolean> {
  const result = await db
    .updateTable('identity.account_link')
    .set({ used_at: sql<Date>`now()` })
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** A password was changed: what could change it again is void. */
export async function voidResetLinks(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('identity.account_link').where('user_id', '=', userId).where('purpose', '=', 'password-reset').where('used_at', 'is', null).execute();
}

export async function markEmailVerified(db: Db, userId: string): Promise<void> {
  await db.updateTable('identity.user').set({ email_verified: true }).where('id', '=', userId).execute();
}

export interface Person {
  id: string;
  email: string;
  emailVerified: boolean;
}

/** A person with a password, by address or by id within a workspace. */
export async function findPerson(db: Db, by: { email: string } | { id: string; workspaceId: string }): Promise<Person | undefined> {
  let query = db.selectFrom('identity.user as u').select(['u.id', 'u.email', 'u.email_verified as emailVerified']).where('u.kind', '=', 'person');
  if ('email' in by) query = query.where('u.email', '=', by.email.toLowerCase());
  else
    query = query
      .where('u.id', '=', by.id)
      .where((is) =>
        is.exists(
          is.selectFrom('identity.membership as m').select('m.user_id').whereRef('m.user_id', '=', 'u.id').where('m.workspace_id', '=', by.workspaceId),
        ),
      );
  return query.executeTakeFirst();
}
