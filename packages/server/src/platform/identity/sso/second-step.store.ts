// All SQL about sign-ins through a provider that wait for our second factor.
import type { Db } from '../identity.store.ts';

export interface Step {
  tokenHash: string;
  providerId: string;
  sealedIdToken: Buffer | null;
}

export async function insertStep(db: Db, { tokenHash, providerId, sealedIdToken }: Step): Promise<void> {
  await db.insertInto('identity.sso_step').values({ token_hash: tokenHash, provider_id: providerId, sealed_id_token: sealedIdToken }).execute();
}

export async function findStep(db: Db, tokenHash: string): Promise<(Step & { slug: string }) | undefined> {
  return db
    .selectFrom('identity.sso_step as s')
    .innerJoin('identity.sso_provider as p', 'p.id', 's.provider_id')
    .select(['s.token_hash as tokenHash', 's.provider_id as providerId', 's.sealed_id_token as sealedIdToken', 'p.slug'])
    .where('s.token_hash', '=', tokenHash)
    .where('p.enabled', '=', true)
    .executeTakeFirst();
}
