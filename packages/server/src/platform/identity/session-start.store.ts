// A session of who proved by other means than a password who it is.
import { newId, newToken } from '../../base/ids.ts';
import type { Visitor } from './accounts.ts';
import type { Db } from './identity.store.ts';
import { hashToken, sessionDays } from './tokens.ts';

/** @returns its token, which is kept as a hash only */
export async function startSession(db: Db, userId: string, { address, agent }: Visitor): Promise<string> {
  const token = newToken();
  await db
    .insertInto('identity.session')
    .values({
      id: newId(),
      user_id: userId,
      token: hashToken(token),
      expires_at: new Date(Date.now() + sessionDays * 86_400_000),
      ip_address: address,
      user_agent: agent?.slice(0, 300) ?? null,
      last_seen_at: null,
    })
    .execute();
  return token;
}
