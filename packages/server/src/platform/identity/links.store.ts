// All SQL about one-time links.
import type { Role } from '@tidewheel/contract/access';
import { sql } from 'kysely';
import type { OneTimeLinkTable } from '../../storage/schema.ts';
import type { Db } from './identity.store.ts';

export interface NewLink {
  workspaceId: string;
  id: string;
  purpose: OneTimeLinkTable['purpose'];
  tokenHash: string;
  email: string | null;
  role: Role;
  createdBy: string;
  expiresAt: Date;
  mailed?: boolean;
}

export interface OneTimeLink {
  id: string;
  workspaceId: string;
  purpose: OneTimeLinkTable['purpose'];
  email: string | null;
  role: Role;
  createdBy: string;
  expiresAt: Date;
  mailed: boolean;
  state: 'open' | 'used' | 'revoked' | 'expired';
}

export async function insertLink(db: Db, link: NewLink): Promise<void> {
  await db
    .insertInto('identity.one_time_link')
    .values({
      workspace_id: link.workspaceId,
      id: link.id,
      purpose: link.purpose,
      token_hash: link.tokenHash,
      email: link.email,
      role: link.role,
      created_by: link.createdBy,
      expires_at: link.expiresAt,
      used_at: null,
      revoked_at: null,
      mailed: link.mailed ?? false,
    })
    .execute();
}

export async function findLink(db: Db, tokenHash: string): Promise<OneTimeLink | undefined> {
  const row = await db
    .selectFrom('identity.one_time_link as l')
    .innerJoin('workspace as w', 'w.id', 'l.workspace_id')
    .selectAll('l')
    .select('w.archived_at')
    .where('l.token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (!row) return undefined;
  const state = row.used_at ? 'used' : row.revoked_at || row.archived_at ? 'revoked' : row.expires_at <= new Date() ? 'expired' : 'open';
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    purpose: row.purpose,
    email: row.email,
    role: row.role,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    mailed: row.mailed,
    state,
  };
}

/** Marks an open link used. Of two at once the second waits for the first one's transaction and then finds nothing. */
export async function useLink(db: Db, tokenHash: string): Promise<boolean> {
  const result = await db
    .updateTable('identity.one_time_link')
    .set({ used_at: sql`now()` })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Revokes open links: of a purpose, to an e-mail, or one by its id. @returns how many */
export async function revokeLinks(
  db: Db,
  { workspaceId, purpose, email, id }: { workspaceId: string; purpose: OneTimeLinkTable['purpose']; email?: string; id?: string },
): Promise<number> {
  let query = db.updateTable('identity.one_time_link').set({ revoked_at: sql`now()` }).where('workspace_id', '=', workspaceId).where('purpose', '=', purpose);
  query = query.where('used_at', 'is', null).where('revoked_at', 'is', null);
  if (email !== undefined) query = query.where('email', '=', email);
  if (id !== undefined) query = query.where('id', '=', id);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function findOpenInvitations(db: Db, workspaceId: string): Promise<OneTimeLink[]> {
  const rows = await db
    .selectFrom('identity.one_time_link')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('created_at', 'desc')
    .limit(1_000)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    workspaceId,
    purpose: row.purpose,
    email: row.email,
    role: row.role,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    mailed: row.mailed,
    state: 'open' as const,
  }));
}
