// Signing in and out, and one's own sessions and API tokens.
import { Bug, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Me, Session } from '@tidewheel/contract/routes/identity';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Accounts, Visitor } from './accounts.ts';
import { type ApiTokenInfo, findApiTokens, insertApiToken, revokeApiTokens } from './api-tokens.store.ts';
import type { Attempts } from './attempts.store.ts';
import { type CredentialPool, type Db, deleteSession, findProfile, findSessionHolder, findSessions, type IdentityDb } from './identity.store.ts';
import { permissionsOf } from './role-permissions.ts';
import { endSurplusSessions } from './sessions.store.ts';
import { recordFailedSignIn, recordSession } from './sign-in-audit.ts';
import { hashToken, isSessionToken, newApiToken, sessionCookie, sessionDays } from './tokens.ts';

export interface SignInParts {
  db: IdentityDb;
  pool: CredentialPool;
  accounts: Accounts;
  attempts: Attempts;
}

const wrong = () =>
  new NotSignedIn('auth.wrong_credentials', 'E-mail or password is wrong.', { hint: 'Check both; an administrator can send you a new invitation.' });

export function visitorOf(call: Call): Visitor {
  return { address: call.address, agent: call.headers['user-agent'] };
}

/** @throws NotSignedIn, TooMany; neither tells whether the account exists */
export async function signIn({ db, pool, accounts, attempts }: SignInParts, credentials: { email: string; password: string }, call: Call): Promise<Me> {
  const attempt = { email: credentials.email, address: call.address };
  await attempts.begin(attempt);
  const token = await accounts.signIn(credentials, visitorOf(call));
  if (token === null) await recordFailedSignIn(db, credentials.email, call);
  if (token === null) throw wrong();
  await attempts.succeed(attempt);
  const holder = await findSessionHolder(pool, hashToken(token));
  if (!holder) throw wrong();
  // Whoever signs in anew in a browser that still holds a session leaves no session behind.
  await endSession(db, call);
  await endSurplusSessions(db, holder.userId);
  await recordSession(db, 'session.signed_in', holder, call);
  keepSession(call, token);
  return describeMe(db, holder);
}

export function keepSession(call: Call, token: string): void {
  call.setCookie(sessionCookie, token, { maxAgeSeconds: sessionDays * 86_400 });
}

export function sessionHash(call: Call): string | undefined {
  const token = call.cookie(sessionCookie);
  return isSessionToken(token) ? hashToken(token) : undefined;
}

async function endSession(db: Db, call: Call): Promise<boolean> {
  const tokenHash = sessionHash(call);
  return tokenHash !== undefined && (await deleteSession(db, { tokenHash }));
}

export async function signOut({ db, pool }: Pick<SignInParts, 'db' | 'pool'>, call: Call): Promise<{ ended: boolean }> {
  const holder = await findSessionHolder(pool, sessionHash(call) ?? '');
  const ended = await endSession(db, call);
  if (ended && holder) await recordSession(db, 'session.signed_out', holder, call);
  call.setCookie(sessionCookie, '', { clear: true });
  return { ended };
}

export async function describeMe(db: Db, { userId, workspaceId }: { userId: string; workspaceId: string }): Promise<Me> {
  const profile = await findProfile(db, { userId, workspaceId });
  if (!profile) throw new NotSignedIn('auth.gone', 'This account is no longer a member of the workspace.');
  return { ...profile, permissions: [...permissionsOf(profile.role)] };
}

/** Only real users have sessions and tokens: the mount let nobody else through. */
export function userOf(actor: Actor): { userId: string; workspaceId: string } {
  if (actor.userId === null) throw new Bug('identity.no_user', `${actor.label} is no user.`);
  return { userId: actor.userId, workspaceId: actor.workspaceId };
}

export function listMySessions(db: Db, actor: Actor, call: Call): Promise<Session[]> {
  return findSessions(db, userOf(actor).userId, sessionHash(call));
}

/** @throws NotFound */
export async function revokeMySession(db: IdentityDb, actor: Actor, id: string): Promise<{ ended: boolean }> {
  return db.transaction().execute(async (trx) => {
    const ended = await deleteSession(trx, { userId: userOf(actor).userId, id });
    if (!ended) throw new NotFound('session.unknown', 'You have no such session; it may have ended already.');
    await recordAudit(trx, actor, { action: 'session.revoked', object: { type: 'session', id, title: actor.label } });
    return { ended };
  });
}

export async function createMyToken(db: IdentityDb, actor: Actor, { title, days }: { title: string; days: number }): Promise<ApiTokenInfo & { token: string }> {
  const token = newApiToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  const id = newId();
  await db.transaction().execute(async (trx) => {
    await insertApiToken(trx, { ...userOf(actor), id, title, tokenHash: hashToken(token), expiresAt });
    await recordAudit(trx, actor, { action: 'token.created', object: { type: 'token', id, title }, after: { expiresAt: expiresAt.toISOString() } });
  });
  return { id, title, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), lastUsedAt: null, token };
}

export function listMyTokens(db: Db, actor: Actor): Promise<ApiTokenInfo[]> {
  return findApiTokens(db, userOf(actor));
}

/** @throws NotFound */
export async function revokeMyToken(db: IdentityDb, actor: Actor, id: string): Promise<{ revoked: boolean }> {
  await db.transaction().execute(async (trx) => {
    const count = await revokeApiTokens(trx, { ...userOf(actor), id });
    if (count === 0) throw new NotFound('token.unknown', 'You have no such token; it may have been revoked already.');
    await recordAudit(trx, actor, { action: 'token.revoked', object: { type: 'token', id, title: actor.label } });
  });
  return { revoked: true };
}
