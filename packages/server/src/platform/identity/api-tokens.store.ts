// All SQL about API tokens.
import type { Rule } from '@tidewheel/contract/access';
import type { ApiToken } from '@tidewheel/contract/routes/identity';
import type { ServiceKey } from '@tidewheel/contract/routes/service-accounts';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Db } from './identity.store.ts';

export type ApiTokenInfo = z.infer<typeof ApiToken>;

export interface NewApiToken {
  workspaceId: string;
  id: string;
  userId: string;
  title: string;
  tokenHash: string;
  expiresAt: Date | null;
  prefix?: string;
  scope?: Rule[] | null;
  networks?: string[] | null;
  createdBy?: string;
}

export async function insertApiToken(db: Db, token: NewApiToken): Promise<void> {
  await db
    .insertInto('identity.api_token')
    .values({
      workspace_id: token.workspaceId,
      id: token.id,
      user_id: token.userId,
      title: token.title,
      token_hash: token.tokenHash,
      expires_at: token.expiresAt,
      last_used_at: null,
      revoked_at: null,
      prefix: token.prefix ?? null,
      scope: token.scope ? JSON.stringify(token.scope) : null,
      networks: token.networks ?? null,
      created_by: token.createdBy ?? null,
    })
    .execute();
}

export async function findApiTokens(db: Db, { workspaceId, userId }: { workspaceId: string; userId: string }): Promise<ApiTokenInfo[]> {
  const rows = await db
    .selectFrom('identity.api_token')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastUsedAddress: row.last_used_address,
    prefix: row.prefix,
    scope: row.scope,
    networks: row.networks,
  }));
}

/** Of a service account. `id`: that one alone, locked until the transaction ends. */
export async function findServiceKeys(db: Db, { workspaceId, userId, id }: { workspaceId: string; userId: string; id?: string }): Promise<ServiceKey[]> {
  let query = db
    .selectFrom('identity.api_token')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null);
  if (id !== undefined) query = query.where('id', '=', id).forUpdate();
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(500).execute();
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    prefix: row.prefix,
    scope: row.scope,
    networks: row.networks,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastUsedAddress: row.last_used_address,
  }));
}

/** It ends then, or before if it would have anyway. */
export async function shortenApiToken(db: Db, { workspaceId, id, until }: { workspaceId: string; id: string; until: Date }): Promise<void> {
  await db
    .updateTable('identity.api_token')
    .set({ expires_at: sql<Date>`least(expires_at, ${until})` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** `id` undefined: all of the user's tokens in the workspace. @returns how many */
export async function revokeApiTokens(db: Db, { workspaceId, userId, id }: { workspaceId: string; userId: string; id?: string | undefined }): Promise<number> {
  let query = db
    .updateTable('identity.api_token')
    .set({ revoked_at: sql`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null);
  if (id !== undefined) query = query.where('id', '=', id);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** In every workspace. `userId` undefined: of everybody. @returns how many */
export async function revokeApiTokensOf(db: Db, userId: string | undefined): Promise<number> {
  let query = db.updateTable('identity.api_token').set({ revoked_at: sql`now()` }).where('revoked_at', 'is', null);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}
