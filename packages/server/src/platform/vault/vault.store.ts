// The only SQL of the vault: sealed credentials, never a plain one.
import { sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import type { Envelope, SecretPlace } from './envelope.ts';

export type StoredCredential = Envelope & { purpose: string };

/** Inserts the credential, or replaces what was sealed there before. */
export async function saveCredential(trx: Transaction<Database>, place: SecretPlace, envelope: Envelope): Promise<void> {
  const { ciphertext, nonce, wrapped_key, key_id } = envelope;
  const changed = { purpose: place.purpose, ciphertext, nonce, wrapped_key, key_id };
  await trx
    .insertInto('credential')
    .values({ workspace_id: place.workspaceId, id: place.credentialId, ...changed })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet({ ...changed, rotated_at: sql<Date>`now()` }))
    .execute();
}

export async function findCredential(trx: Transaction<Database>, workspaceId: string, credentialId: string): Promise<StoredCredential | undefined> {
  return trx
    .selectFrom('credential')
    .select(['purpose', 'ciphertext', 'nonce', 'wrapped_key', 'key_id'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .executeTakeFirst();
}

export async function deleteCredential(trx: Transaction<Database>, workspaceId: string, credentialId: string): Promise<void> {
  await trx.deleteFrom('credential').where('workspace_id', '=', workspaceId).where('id', '=', credentialId).execute();
}
