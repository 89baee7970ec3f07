// All SQL about what the session of a provider has besides.
import { sql } from 'kysely';
import type { Db } from '../identity.store.ts';

interface ProviderSession {
  providerId: string;
  sealedIdToken: Buffer | null;
}

export async function markSession(
  db: Db,
  tokenHash: string,
  { providerId, sealedIdToken, hasSecondFactor }: ProviderSession & { hasSecondFactor: boolean },
): Promise<void> {
  await db
    .updateTable('identity.session')
    .set({ sso_provider_id: providerId, sso_factor: hasSecondFactor, sealed_id_token: sealedIdToken })
    .where('token', '=', tokenHash)
    .execute();
}

export async function findProviderSession(db: Db, sessionId: string | undefined): Promise<ProviderSession | undefined> {
  if (sessionId === undefined) return undefined;
  const { rows } = await sql<ProviderSession>`
    select sso_provider_id as "providerId", sealed_id_token as "sealedIdToken" from identity.session where id = ${sessionId} and sso_provider_id is not null`.execute(
    db,
  );
  return rows[0];
}
