// Who calls: the session of a browser, the access token of a program's session, or an API token; looked up afresh each time so that
// revoking works at once. And in which workspace: the one that the call names, if the caller may enter it.
import { NotAllowed } from '@tidewheel/contract/errors';
import { unattendedHeader } from '@tidewheel/contract/unattended';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import { abilityOf, heldBack } from './access.ts';
import type { AccessTokens } from './access-token.ts';
import { type CredentialPool, type Db, findApiTokenHolder, findSessionHolder, type Holder, noteApiTokenUse, noteSessionUse } from './identity.store.ts';
import { isWithin } from './key-networks.ts';
import { findAccessHolder } from './refresh-family.store.ts';
import { bearerToken, hashToken, isApiToken, isSessionToken, sessionCookie } from './tokens.ts';

/** The use of a credential is noted at most this often. */
const noteEveryMs = 60_000;

type Presented = Pick<Call, 'headers' | 'cookie'> & Partial<Pick<Call, 'workspace' | 'address'>>;
export interface Caller {
  kind: 'session' | 'access-token' | 'api-token';
  holder: Holder;
  /** When the access token itself ends; undefined for the other kinds. */
  until?: Date;
}
interface Parts {
  pool: CredentialPool;
  accessTokens: AccessTokens;
}

/** @throws NotAllowed where the credential is good but not here */
export async function authenticate({ db, pool, accessTokens, log }: Parts & { db: Db; log: Logger }, call: Presented): Promise<Actor | null> {
  const caller = await findCaller({ pool, accessTokens }, call);
  if (!caller) return null;
  const { holder } = caller;
  // A page that is merely open must not keep its session from ending.
  const isAttended = call.headers[unattendedHeader] === undefined;
  if (isAttended && (holder.usedAt === null || Date.now() - holder.usedAt.getTime() > noteEveryMs)) {
    const noted = caller.kind === 'api-token' ? noteApiTokenUse(db, holder, call.address) : noteSessionUse(db, holder);
    noted.catch((error: unknown) => log.warn({ err: error }, 'could not note the use of a credential'));
  }
  return actorOf(caller);
}

/** A call with an Authorization header is judged by it alone; a cookie beside a wrong token does not count. @throws NotAllowed */
export async function findCaller(parts: Parts, call: Presented): Promise<Caller | null> {
  const caller = await lookUp(parts, call, call.workspace);
  if (caller) return admitted(caller, call.address);
  if (call.workspace === undefined || !(await lookUp(parts, call, undefined))) return null;
  // The same whether there is no such workspace or it is not the caller's: it tells nothing of others.
  throw new NotAllowed('workspace.not_member', 'You are not a member of this workspace, or there is none of that name.', {
    hint: 'Yours: GET /api/workspaces, or `tidewheel workspace list`. An API token is for one workspace alone.',
    details: { workspace: call.workspace },
  });
}

async function lookUp({ pool, accessTokens }: Parts, call: Presented, workspace: string | undefined): Promise<Caller | null> {
  const authorization = call.headers['authorization'];
  if (authorization === undefined) {
    const value = call.cookie(sessionCookie);
    return isSessionToken(value) ? callerOf('session', await findSessionHolder(pool, hashToken(value), workspace)) : null;
  }
  const token = bearerToken(authorization);
  if (token === undefined) return null;
  if (isApiToken(token)) return callerOf('api-token', await findApiTokenHolder(pool, hashToken(token), workspace));
  const claims = await accessTokens.read(token);
  const caller = claims && callerOf('access-token', await findAccessHolder(pool, claims, workspace));
  return caller && { ...caller, until: claims.expiresAt };
}

function callerOf(kind: Caller['kind'], holder: Holder | undefined): Caller | null {
  return holder ? { kind, holder } : null;
}

function admitted(caller: Caller, address: string | undefined): Caller {
  const { networks, isArchived } = caller.holder;
  if (networks !== null && !isWithin(networks, address ?? ''))
    throw new NotAllowed('key.network', 'This key may not be used from your network.', { hint: 'Whoever manages the key can change its networks.' });
  if (isArchived)
    throw new NotAllowed('workspace.archived', 'This workspace is archived: nobody works in it.', {
      hint: 'An administrator of the main workspace can restore it.',
    });
  return caller;
}

function actorOf({ kind, holder }: Caller): Actor {
  const { credentialId, userId, email, workspaceId, role, isHeld, access, scope, networks } = holder;
  const ability = isHeld ? heldBack : abilityOf(access, scope);
  const isService = holder.kind === 'service';
  const lent = ability.sources.some(({ source }) => source.kind === 'delegation') ? { lent: new Map() } : {};
  const actor: Actor = {
    userId,
    label: email,
    workspaceId,
    role,
    permissions: ability.permissions,
    ability,
    kind: isService ? 'service' : 'user',
    ...lent,
    ...(isHeld ? { isHeld } : {}),
  };
  if (kind !== 'api-token') return { ...actor, sessionId: credentialId };
  return { ...actor, keyId: credentialId, ...(isService || scope !== null || networks !== null ? { isLimited: true as const } : {}) };
}
