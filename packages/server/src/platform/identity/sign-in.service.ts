// Signing in and out, and one's own sessions and API tokens.
import { Bug, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Me, Session } from '@tidewheel/contract/routes/identity';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import type { Accounts, Visitor } from './accounts.ts';
import { type ApiTokenInfo, findApiTokens, insertApiToken, revokeApiTokens } from './api-tokens.store.ts';
import type { Attempts } from './attempts.store.ts';
import { type CredentialPool, type Db, deleteSession, findProfile, findSessionHolder, findSessions } from './identity.store.ts';
import { permissionsOf } from './role-permissions.ts';
import { hashToken, isSessionToken, newApiToken, sessionCookie, sessionDays } from './tokens.ts';

export interface SignInParts {
  db: Db;
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
  if (token === null) throw wrong();
  await attempts.succeed(attempt);
  const holder = await findSessionHolder(pool, hashToken(token));
  if (!holder) throw wrong();
  // Whoever signs in anew in a browser that still holds a session leaves no session behind.
  await endSession(db, call);
  keepSession(call, token);
  return describeMe(db, holder);
}

export function keepSession(call: Call, token: string): void {
  call.setCookie(sessionCookie, token, { maxAgeSeconds: sessionDays * 86_400 });
}

function sessionHash(call: Call): string | undefined {
  const token = call.cookie(sessionCookie);
  return isSessionToken(token) ? hashToken(token) : undefined;
}

async function endSession(db: Db, call: Call): Promise<boolean> {
  const tokenHash = sessionHash(call);
  return tokenHash !== undefined && (await deleteSession(db, { tokenHash }));
}

export async function signOut(db: Db, call: Call): Promise<{ ended: boolean }> {
  const ended = await endSession(db, call);
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
export async function revokeMySession(db: Db, actor: Actor, id: string): Promise<{ ended: boolean }> {
  const ended = await deleteSession(db, { userId: userOf(actor).userId, id });
  if (!ended) throw new NotFound('session.unknown', 'You have no such session; it may have ended already.');
  return { ended };
}

export async function createMyToken(db: Db, actor: Actor, { title, days }: { title: string; days: number }): Promise<ApiTokenInfo & { token: string }> {
  const token = newApiToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  const id = newId();
  await insertApiToken(db, { ...userOf(actor), id, title, tokenHash: hashToken(token), expiresAt });
  return { id, title, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), lastUsedAt: null, token };
}

export function listMyTokens(db: Db, actor: Actor): Promise<ApiTokenInfo[]> {
  return findApiTokens(db, userOf(actor));
}

/** @throws NotFound */
export async function revokeMyToken(db: Db, actor: Actor, id: string): Promise<{ revoked: boolean }> {
  const count = await revokeApiTokens(db, { ...userOf(actor), id });
  if (count === 0) throw new NotFound('token.unknown', 'You have no such token; it may have been revoked already.');
  return { revoked: true };
}
