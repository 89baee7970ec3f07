// Who calls: the session cookie of a browser or the API token of a program, looked up afresh each time so that revoking works at once.
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import { type CredentialPool, type Db, findApiTokenHolder, findSessionHolder, type Holder, noteApiTokenUse, noteSessionUse } from './identity.store.ts';
import { permissionsOf } from './role-permissions.ts';
import { bearerToken, hashToken, isSessionToken, sessionCookie } from './tokens.ts';

/** The use of a credential is noted at most this often. */
const noteEveryMs = 60_000;

/** A call with an Authorization header is judged by it alone; a cookie beside a wrong token does not count. */
export async function authenticate(
  { db, pool, log }: { db: Db; pool: CredentialPool; log: Logger },
  call: Pick<Call, 'headers' | 'cookie'>,
): Promise<Actor | null> {
  const authorization = call.headers['authorization'];
  const token = authorization === undefined ? call.cookie(sessionCookie) : bearerToken(authorization);
  if (token === undefined || (authorization === undefined && !isSessionToken(token))) return null;
  const [find, note] = authorization === undefined ? [findSessionHolder, noteSessionUse] : [findApiTokenHolder, noteApiTokenUse];
  const holder = await find(pool, hashToken(token));
  if (!holder) return null;
  if (holder.usedAt === null || Date.now() - holder.usedAt.getTime() > noteEveryMs) {
    note(db, holder.credentialId).catch((error: unknown) => log.warn({ err: error }, 'could not note the use of a credential'));
  }
  return actorOf(holder);
}

function actorOf({ userId, email, workspaceId, role, isHeld }: Holder): Actor {
  return { userId, label: email, workspaceId, role, permissions: isHeld ? new Set() : permissionsOf(role) };
}
