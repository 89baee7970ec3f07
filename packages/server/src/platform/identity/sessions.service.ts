// Ending many sessions at once, and the rules of signing in.
import { NotFound } from '@tidewheel/contract/errors';
import type { SignInRules } from '@tidewheel/contract/routes/sign-in';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findPerson } from './account-links.store.ts';
import { requireAccountInReach } from './account-reach.ts';
import { revokeApiTokens, revokeApiTokensOf } from './api-tokens.store.ts';
import { type Db, findMainWorkspace, type IdentityDb, type IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { requireGivableRole, requireRolesSomewhere } from './role-assignment.ts';
import { findRules, saveRules } from './rules.store.ts';
import { userOf } from './session-cookie.ts';
import { endSessionsIn, endSessionsOf } from './sessions.store.ts';
import { sessionCookie } from './tokens.ts';

const rulesObject = { type: 'sign-in-rules', id: 'sign-in-rules', title: 'Rules of signing in' };

export async function showRules(db: Db, actor: Actor): Promise<SignInRules> {
  requirePermission(actor, 'user.read');
  return findRules(db);
}

export async function updateRules(db: IdentityDb, actor: Actor, changed: Partial<SignInRules>): Promise<SignInRules> {
  requirePermission(actor, 'sign_in.edit');
  return db.transaction().execute(async (trx) => {
    const before = await findRules(trx);
    await requireKnownRoles(trx, actor, changed);
    await saveRules(trx, changed);
    const after = await findRules(trx);
    await recordAudit(trx, actor, { action: 'sign_in_rules.changed', object: rulesObject, before, after });
    return after;
  });
}

/** @throws InvalidInput, NotAllowed for a role of self-registration above the actor's own */
async function requireKnownRoles(trx: IdentityTransaction, actor: Actor, { registrationRole, secondFactorRoles }: Partial<SignInRules>): Promise<void> {
  if (registrationRole !== undefined) await requireGivableRole(trx, actor, registrationRole, { path: 'registrationRole' });
  if (secondFactorRoles !== undefined) await requireRolesSomewhere(trx, secondFactorRoles, 'secondFactorRoles');
}

export async function describeEntry({ db, mailer }: IdentityDeps): Promise<{ minPasswordLength: number; selfRegistration: boolean; mail: boolean }> {
  const { minPasswordLength, selfRegistration } = await findRules(db);
  const mail = await mailer.isConfigured();
  return { minPasswordLength, selfRegistration: selfRegistration && mail, mail };
}

export async function revokeMySessions(db: IdentityDb, actor: Actor): Promise<{ ended: number }> {
  const { userId } = userOf(actor);
  return db.transaction().execute(async (trx) => {
    const ended = await endSessionsOf(trx, { userId, but: actor.sessionId });
    await recordAudit(trx, actor, { action: 'session.revoked', object: { type: 'user', id: userId, title: actor.label }, after: { ended } });
    return { ended };
  });
}

/** @throws NotFound */
export async function revokeUserSessions(db: IdentityDb, actor: Actor, id: string): Promise<{ ended: number; revoked: number }> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  const person = await findPerson(db, { id, workspaceId });
  if (!person) throw new NotFound('user.unknown', 'There is no such person in this workspace.');
  await requireAccountInReach(db, actor, id);
  return db.transaction().execute(async (trx) => {
    const ended = await endSessionsOf(trx, { userId: id, but: id === actor.userId ? actor.sessionId : undefined });
    const revoked = await revokeApiTokens(trx, { workspaceId, userId: id });
    await recordAudit(trx, actor, { action: 'session.revoked', object: { type: 'user', id, title: person.email }, after: { ended, revoked } });
    return { ended, revoked };
  });
}

/** All sessions, the caller's too, so its cookie is taken back. Of oneself, or of everybody in the installation. @throws NotAllowed */
export async function revokeEverything(
  db: IdentityDb,
  actor: Actor,
  { everybody, apiTokens, call }: { everybody: boolean; apiTokens: boolean; call: Call },
): Promise<{ ended: number; revoked: number }> {
  if (everybody) requirePermission(actor, 'sign_in.edit');
  const { userId, workspaceId } = userOf(actor);
  const whose = everybody ? undefined : userId;
  const result = await db.transaction().execute(async (trx) => {
    const ended = await endSessionsOf(trx, { userId: whose });
    const revoked = apiTokens ? await revokeApiTokensOf(trx, whose) : 0;
    const object = everybody ? { type: 'workspace', id: workspaceId, title: 'everybody' } : { type: 'user', id: userId, title: actor.label };
    await recordAudit(trx, actor, { action: 'session.revoked', object, after: { ended, revoked, everybody } });
    return { ended, revoked };
  });
  if (actor.sessionId !== undefined) call.setCookie(sessionCookie, '', { clear: true });
  return result;
}

export async function revokeAllSessions(db: IdentityDb, actor: Actor): Promise<{ ended: number }> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const isMain = (await findMainWorkspace(trx)) === workspaceId;
    const ended = await endSessionsIn(trx, { workspaceId, withOthers: isMain, but: actor.sessionId });
    await recordAudit(trx, actor, { action: 'session.revoked', object: { type: 'workspace', id: workspaceId, title: 'everybody' }, after: { ended } });
    return { ended };
  });
}
