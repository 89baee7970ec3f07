// The SQL of sealed secrets, never a plain one.
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { Envelope, SecretPlace } from './envelope.ts';

type Place = Omit<SecretPlace, 'purpose'>;
const lockKey = 7_283_640_070;

/** The id of the key that new data keys are wrapped with. It cannot be retired before the caller's transaction ends. */
export async function newestKeyId(trx: WorkspaceTransaction): Promise<string> {
  await sql`select pg_advisory_xact_lock_shared(${lockKey})`.execute(trx);
  const { id } = await trx.selectFrom('vault_root_key').select('id').orderBy('generation', 'desc').limit(1).executeTakeFirstOrThrow();
  return id;
}

/** Waits until nobody seals, and keeps others from sealing until the transaction ends. */
export async function stopSealing(trx: WorkspaceTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey})`.execute(trx);
}

/** Inserts the secret, or replaces what was sealed there before. */
export async function putEnvelope(trx: WorkspaceTransaction, place: SecretPlace, envelope: Envelope): Promise<void> {
  const { ciphertext, nonce, wrapped_key, key_id } = envelope;
  const changed = { purpose: place.purpose, ciphertext, nonce, wrapped_key, key_id };
  await trx
    .insertInto('credential')
    .values({ workspace_id: place.workspaceId, id: place.credentialId, ...changed })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet({ ...changed, rotated_at: sql<Date>`now()`, updated_at: sql<Date>`now()` }))
    .execute();
}

export async function findEnvelope(trx: WorkspaceTransaction, workspaceId: string, credentialId: string): Promise<Envelope | undefined> {
  const row = await trx
    .selectFrom('credential')
    .select(['ciphertext', 'nonce', 'wrapped_key', 'key_id'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .executeTakeFirst();
  if (!row?.ciphertext || !row.nonce || !row.wrapped_key || !row.key_id) return undefined;
  return { ciphertext: row.ciphertext, nonce: row.nonce, wrapped_key: row.wrapped_key, key_id: row.key_id };
}

/** A private secret goes with its row; of a named credential the row stays. */
export async function clearEnvelope(trx: WorkspaceTransaction, { workspaceId, credentialId }: Place): Promise<void> {
  await trx.deleteFrom('credential').where('workspace_id', '=', workspaceId).where('id', '=', credentialId).where('slug', 'is', null).execute();
  await trx.deleteFrom('credential_previous').where('workspace_id', '=', workspaceId).where('credential_id', '=', credentialId).execute();
  await trx
    .updateTable('credential')
    .set({ ciphertext: null, nonce: null, wrapped_key: null, key_id: null, archived_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .execute();
}

/** With what was said about it, so that both come back together. */
export async function setEnvelopeAside(trx: WorkspaceTransaction, { workspaceId, credentialId }: Place, until: Date): Promise<void> {
  await trx.deleteFrom('credential_previous').where('workspace_id', '=', workspaceId).where('credential_id', '=', credentialId).execute();
  if (until <= new Date()) return;
  await sql`
    insert into credential_previous (workspace_id, credential_id, ciphertext, nonce, wrapped_key, key_id, fields, facts, expires_on, erase_at)
    select workspace_id, id, ciphertext, nonce, wrapped_key, key_id, fields, facts, expires_on, ${until}
    from credential where workspace_id = ${workspaceId} and id = ${credentialId} and ciphertext is not null`.execute(trx);
}

export async function restoreEnvelope(trx: WorkspaceTransaction, { workspaceId, credentialId }: Place): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with back as (delete from credential_previous where workspace_id = ${workspaceId} and credential_id = ${credentialId} and erase_at > now() returning *)
    update credential c set ciphertext = b.ciphertext, nonce = b.nonce, wrapped_key = b.wrapped_key, key_id = b.key_id, fields = b.fields,
      facts = b.facts, expires_on = b.expires_on, version = version + 1, rotated_at = now(), updated_at = now()
    from back b where c.workspace_id = b.workspace_id and c.id = b.credential_id`.execute(trx);
  return numAffectedRows === 1n;
}
