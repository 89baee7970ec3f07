// Who calls: the session of a browser, the access token of a program's session, or an API token; looked up afresh each time so that
// revoking works at once.
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import { abilityOf, heldBack } from './access.ts';
import type { AccessTokens } from './access-token.ts';
import { type CredentialPool, type Db, findApiTokenHolder, findSessionHolder, type Holder, noteApiTokenUse, noteSessionUse } from './identity.store.ts';
import { findAccessHolder } from './refresh-family.store.ts';
import { bearerToken, hashToken, isApiToken, isSessionToken, sessionCookie } from './tokens.ts';

/** The use of a credential is noted at most this often. */
const noteEveryMs = 60_000;

type Presented = Pick<Call, 'headers' | 'cookie'>;
export interface Caller {
  kind: 'session' | 'access-token' | 'api-token';
  holder: Holder;
  /** When the access token itself ends; undefined for the other kinds. */
  until?: Date;
}

export async function authenticate(
  { db, pool, accessTokens, log }: { db: Db; pool: CredentialPool; accessTokens: AccessTokens; log: Logger },
  call: Presented,
): Promise<Actor | null> {
  const caller = await findCaller({ pool, accessTokens }, call);
  if (!caller) return null;
  const { holder } = caller;
  if (holder.usedAt === null || Date.now() - holder.usedAt.getTime() > noteEveryMs) {
    const note = caller.kind === 'api-token' ? noteApiTokenUse : noteSessionUse;
    note(db, holder.credentialId).catch((error: unknown) => log.warn({ err: error }, 'could not note the use of a credential'));
  }
  return actorOf(caller);
}

/** A call with an Authorization header is judged by it alone; a cookie beside a wrong token does not count. */
export async function findCaller({ pool, accessTokens }: { pool: CredentialPool; accessTokens: AccessTokens }, call: Presented): Promise<Caller | null> {
  const authorization = call.headers['authorization'];
  if (authorization === undefined) {
    const value = call.cookie(sessionCookie);
    return isSessionToken(value) ? callerOf('session', await findSessionHolder(pool, hashToken(value))) : null;
  }
  const token = bearerToken(authorization);
  if (token === undefined) return null;
  if (isApiToken(token)) return callerOf('api-token', await findApiTokenHolder(pool, hashToken(token)));
  const claims = await accessTokens.read(token);
  const caller = claims && callerOf('access-token', await findAccessHolder(pool, claims));
  return caller && { ...caller, until: claims.expiresAt };
}

function callerOf(kind: Caller['kind'], holder: Holder | undefined): Caller | null {
  return holder ? { kind, holder } : null;
}

function actorOf({ kind, holder: { credentialId, userId, email, workspaceId, role, isHeld, access } }: Caller): Actor {
  const ability = isHeld ? heldBack : abilityOf(access);
  const actor: Actor = { userId, label: email, workspaceId, role, permissions: ability.permissions, ability };
  return kind === 'api-token' ? actor : { ...actor, sessionId: credentialId };
}
