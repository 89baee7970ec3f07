// Signing in and out, and one's own sessions and API tokens.
import type { Ability } from '@tidewheel/contract/ability';
import type { Rule } from '@tidewheel/contract/access';
import { NotAllowed, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Me, Session } from '@tidewheel/contract/routes/identity';
import { type Actor, factorDue } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { abilityOf, heldBack } from './access.ts';
import type { Visitor } from './accounts.ts';
import { type ApiTokenInfo, findApiTokens, insertApiToken, revokeApiTokens } from './api-tokens.store.ts';
import { type Db, deleteSession, findProfile, findSessionHolder, findSessions, type Holder, type IdentityDb } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { passSecondFactor } from './second-factor-sign-in.ts';
import { keepSession, sessionHash, userOf } from './session-cookie.ts';
import { endSurplusSessions } from './sessions.store.ts';
import { recordFailedSignIn, recordSession } from './sign-in-audit.ts';
import { hashToken, newApiToken, prefixOf, sessionCookie } from './tokens.ts';

export type SignInParts = Pick<IdentityDeps, 'db' | 'pool' | 'accounts' | 'attempts' | 'mailer' | 'masterKey'>;
export interface Credentials {
  email: string;
  password: string;
  /** Of the second factor, where the account has one. */
  code?: string | undefined;
}

const wrong = () =>
  new NotSignedIn('auth.wrong_credentials', 'E-mail or password is wrong.', {
    hint: 'Check both. Who forgot the password sets a new one from the sign-in page, or asks an administrator.',
  });

const suspended = () =>
  new NotAllowed('auth.suspended', 'This account is suspended, or is in no workspace any more.', { hint: 'Ask an administrator of your workspace.' });

export function visitorOf(call: Call): Visitor {
  return { address: call.address, agent: call.headers['user-agent'] };
}

/**
 * Password and second factor, for a browser as for a program. The session that they make is known to nobody yet.
 * @throws NotSignedIn, NotAllowed, TooMany; none tells whether the account exists before the password was right
 */
export async function passSignIn(parts: SignInParts, { email, password, code }: Credentials, call: Call): Promise<{ holder: Holder; token: string }> {
  const { db, pool, accounts, attempts } = parts;
  const attempt = { email, address: call.address };
  await attempts.begin(attempt);
  const token = await accounts.signIn({ email, password }, visitorOf(call));
  if (token === null) {
    await recordFailedSignIn(db, email, call);
    throw wrong();
  }
  const holder = await requireHolder({ db, pool }, token, call.workspace);
  await askSecondFactor(parts, { holder, token, code, attempt, call });
  await attempts.succeed(attempt);
  return { holder, token };
}

/** Whose session that is, just made, in the workspace that the call names if it may be entered; it ends at once when its user may not enter. @throws NotAllowed */
export async function requireHolder({ db, pool }: Pick<SignInParts, 'db' | 'pool'>, token: string, workspace?: string): Promise<Holder> {
  const named = workspace === undefined ? undefined : await findSessionHolder(pool, hashToken(token), workspace);
  const holder = named && !named.isArchived ? named : await findSessionHolder(pool, hashToken(token));
  if (holder) return holder;
  await deleteSession(db, { tokenHash: hashToken(token) });
  throw suspended();
}

export async function signIn(parts: SignInParts, credentials: Credentials, call: Call): Promise<Me> {
  return enter(parts, await passSignIn(parts, credentials, call), call);
}

/** The last step of signing in with a browser, by whatever means: the new session gets its cookie. */
export async function enter(
  { db }: Pick<SignInParts, 'db'>,
  { holder, token }: { holder: Holder; token: string },
  call: Call,
  means?: { provider: string },
): Promise<Me> {
  // Whoever signs in anew in a browser that still holds a session leaves no session behind.
  await endSession(db, call);
  await endSurplusSessions(db, holder.userId);
  await recordSession(db, 'session.signed_in', { ...holder, means }, call);
  keepSession(call, token);
  return describeMe(db, { ...holder, sessionId: holder.credentialId });
}

// The session that the password made is known to nobody yet; without the code it ends here. A wrong code counts as a failed sign-in and the
// count is not forgiven by the password, else whoever knows that could guess codes without end. That a code is due is no failure.
async function askSecondFactor(
  parts: SignInParts,
  { holder, token, code, attempt, call }: { holder: Holder; token: string; code: string | undefined; attempt: { email: string; address: string }; call: Call },
): Promise<void> {
  try {
    await passSecondFactor(parts, { userId: holder.userId, email: holder.email, code, call });
  } catch (error) {
    await deleteSession(parts.db, { tokenHash: hashToken(token) });
    if (code === undefined) await parts.attempts.uncount(attempt);
    else await recordFailedSignIn(parts.db, attempt.email, call);
    throw error;
  }
}

async function endSession(db: Db, call: Call): Promise<void> {
  const tokenHash = sessionHash(call);
  if (tokenHash !== undefined) await deleteSession(db, { tokenHash });
}

/** Ends the session by which the call came; an API token has none and is not touched. */
export async function signOut(db: IdentityDb, actor: Actor, call: Call): Promise<{ ended: boolean }> {
  const { userId, workspaceId } = userOf(actor);
  const ended = actor.sessionId !== undefined && (await deleteSession(db, { userId, id: actor.sessionId }));
  if (ended) await recordSession(db, 'session.signed_out', { userId, email: actor.label, workspaceId }, call);
  call.setCookie(sessionCookie, '', { clear: true });
  return { ended };
}

/** `ability`: of the key by which the call came, where it gives less than its holder has. */
export async function describeMe(
  db: Db,
  { userId, workspaceId, ability, sessionId }: { userId: string; workspaceId: string; ability?: Ability | undefined; sessionId?: string | undefined },
): Promise<Me> {
  const profile = await findProfile(db, { userId, workspaceId, sessionId });
  if (!profile) throw new NotSignedIn('auth.gone', 'This account is no longer a member of the workspace.');
  const { hasFactor, needsFactor, access, ...shown } = profile;
  const isHeld = needsFactor && !hasFactor;
  const { permissions, sources, scopes } = isHeld ? heldBack : (ability ?? abilityOf(access));
  return {
    ...shown,
    secondFactor: isHeld ? 'required' : hasFactor ? 'on' : 'off',
    permissions: [...permissions],
    sources: [...sources, ...scopes].map(({ source }) => source),
  };
}

export function listMySessions(db: Db, actor: Actor): Promise<Session[]> {
  return findSessions(db, userOf(actor).userId, actor.sessionId);
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

interface NewToken {
  title: string;
  days: number;
  scope: Rule[] | null;
  networks: string[] | null;
}

export async function createMyToken(db: IdentityDb, actor: Actor, { title, days, scope, networks }: NewToken): Promise<ApiTokenInfo & { token: string }> {
  const { hasFactor, needsFactor } = (await findProfile(db, { ...userOf(actor), sessionId: actor.sessionId })) ?? { hasFactor: false, needsFactor: true };
  // Else a token made now would get around it.
  if (needsFactor && !hasFactor) throw factorDue();
  const token = newApiToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  const id = newId();
  await db.transaction().execute(async (trx) => {
    const made = { ...userOf(actor), id, title, tokenHash: hashToken(token), prefix: prefixOf(token), expiresAt, scope, networks, createdBy: actor.label };
    await insertApiToken(trx, made);
    const after = { expiresAt: expiresAt.toISOString(), scope, networks };
    await recordAudit(trx, actor, { action: 'token.created', object: { type: 'token', id, title }, after });
  });
  const unused = { lastUsedAt: null, lastUsedAddress: null };
  return { id, title, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), ...unused, prefix: prefixOf(token), scope, networks, token };
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
