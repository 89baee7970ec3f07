// Sessions of programs: signing in for a pair of tokens, exchanging the refresh token, and asking whether a credential is valid.
import { NotAllowed, NotSignedIn } from '@tidewheel/contract/errors';
import type { TokenPair, Verification } from '@tidewheel/contract/routes/tokens';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findCaller } from './authenticate.ts';
import { deleteSession, type IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import {
  type Family,
  findExpiry,
  findFamilyWorkspace,
  findReused,
  keepFamilyWorkspace,
  type Reused,
  rotateRefresh,
  turnIntoFamily,
} from './refresh-family.store.ts';
import { endSurplusSessions } from './sessions.store.ts';
import { type Credentials, passSignIn } from './sign-in.service.ts';
import { recordSession } from './sign-in-audit.ts';
import { hashToken, isRefreshToken, newRefreshToken } from './tokens.ts';

type Parts = Pick<IdentityDeps, 'db' | 'accessTokens'>;

/** Sets no cookie and touches none: a browser's session beside it goes on. @throws as passSignIn */
export async function logIn(deps: IdentityDeps, credentials: Credentials, call: Call): Promise<TokenPair> {
  const { db } = deps;
  const { holder } = await passSignIn(deps, credentials, call);
  const refreshToken = newRefreshToken();
  const expiresAt = await turnIntoFamily(db, { sessionId: holder.credentialId, refreshHash: hashToken(refreshToken), workspaceId: holder.workspaceId });
  await endSurplusSessions(db, holder.userId);
  await recordSession(db, 'session.signed_in', holder, call);
  return pairOf(deps, { sessionId: holder.credentialId, userId: holder.userId, workspaceId: holder.workspaceId, expiresAt, refreshToken });
}

interface Issued extends Family {
  workspaceId: string;
  refreshToken: string;
}

export async function pairOf({ accessTokens }: Pick<Parts, 'accessTokens'>, { refreshToken, expiresAt, ...claims }: Issued): Promise<TokenPair> {
  const access = await accessTokens.issue(claims);
  return {
    tokenType: 'Bearer',
    accessToken: access.token,
    accessExpiresAt: access.expiresAt.toISOString(),
    refreshToken,
    refreshExpiresAt: expiresAt.toISOString(),
  };
}

export const notMember = () =>
  new NotAllowed('workspace.not_member', 'You are not a member of this workspace, or there is none of that name.', {
    hint: 'GET /api/workspaces lists yours; without a name the session stays where it is.',
  });
const refused = () =>
  new NotSignedIn('auth.refresh_refused', 'This refresh token is not valid (any more).', {
    hint: 'Sign in again. A refresh token works once: keep the new one of each answer.',
  });
const reused = () =>
  new NotSignedIn('auth.refresh_reused', 'This refresh token was used before, so two may hold it: the session has ended.', {
    hint: 'Sign in again. If only one program used it, let it refresh one at a time.',
  });

/** @throws NotSignedIn */
export async function refreshTokens(deps: Parts, refreshToken: string, call: Call): Promise<TokenPair> {
  if (!isRefreshToken(refreshToken)) throw refused();
  const next = newRefreshToken();
  const outcome = await deps.db.transaction().execute(async (trx) => {
    const family = await rotateRefresh(trx, { oldHash: hashToken(refreshToken), newHash: hashToken(next) });
    const workspaceId = family && (await findFamilyWorkspace(trx, { ...family, workspace: call.workspace }));
    if (family && workspaceId !== undefined) {
      await keepFamilyWorkspace(trx, { sessionId: family.sessionId, workspaceId });
      return { ...family, workspaceId, refreshToken: next };
    }
    // Thrown in here: the refresh token still works for another workspace.
    if (family && call.workspace !== undefined) throw notMember();
    // Not thrown in here: what ends the family must stay.
    return endReused(trx, hashToken(refreshToken), call);
  });
  if (outcome === 'refused') throw refused();
  if (outcome === 'reused') throw reused();
  return pairOf(deps, outcome);
}

async function endReused(trx: IdentityTransaction, tokenHash: string, call: Call): Promise<'refused' | 'reused'> {
  const found = await findReused(trx, tokenHash);
  if (!found || !(await deleteSession(trx, { userId: found.userId, id: found.sessionId }))) return 'refused';
  const workspaceId = await findFamilyWorkspace(trx, found);
  if (workspaceId !== undefined) await recordReuse(trx, { ...found, workspaceId }, call);
  return 'reused';
}

/** Nobody did it: whether the owner or a thief came second is not known. */
async function recordReuse(trx: IdentityTransaction, { sessionId, userId, email, workspaceId }: Reused & { workspaceId: string }, call: Call): Promise<void> {
  const via = { requestId: call.requestId, address: call.address };
  const actor = { userId: null, kind: 'nobody' as const, label: email, workspaceId, via };
  await recordAudit(trx, actor, { action: 'session.reuse_detected', object: { type: 'user', id: userId, title: email }, after: { session: sessionId } });
}

/** Whether what the call brings is valid; for whom, it tells the holder alone. */
export async function verifyPresented({ db, pool, accessTokens }: Pick<IdentityDeps, 'db' | 'pool' | 'accessTokens'>, call: Call): Promise<Verification> {
  const caller = await findCaller({ pool, accessTokens }, call).catch((error: unknown) => {
    if (error instanceof NotAllowed) return null;
    throw error;
  });
  if (!caller) return { valid: false };
  const { kind, holder, until } = caller;
  const expiresAt = until ?? (await findExpiry(db, { kind, id: holder.credentialId }));
  return { valid: true, kind, user: { id: holder.userId, email: holder.email }, workspace: holder.workspaceId, expiresAt: expiresAt?.toISOString() ?? null };
}
