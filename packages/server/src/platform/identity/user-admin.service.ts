// What administrators do to one user: look, rename, suspend, delete, and take away sessions and tokens.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Session } from '@tidewheel/contract/routes/identity';
import type { UserDetails } from '@tidewheel/contract/routes/users';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { requireAccountInReach, requireNotAbove } from './account-reach.ts';
import { type ApiTokenInfo, findApiTokens, revokeApiTokens } from './api-tokens.store.ts';
import { type Db, deleteSession, findSessions, findUsers, type IdentityDb, type IdentityTransaction, lockAdministrators } from './identity.store.ts';
import { maskedUser } from './masked-user.ts';
import { endSessionsOf } from './sessions.store.ts';
import { type Account, deleteMembership, endLending, eraseUser, findAccount, saveName, setSuspended } from './user-admin.store.ts';

const objectOf = ({ id, email }: { id: string; email: string }) => ({ type: 'user', id, title: email });

/** @throws NotFound */
export async function showUser(db: Db, actor: Actor, id: string): Promise<UserDetails> {
  requirePermission(actor, 'user.read');
  return detailsOf(db, actor, id);
}

async function detailsOf(db: Db, actor: Actor, id: string): Promise<UserDetails> {
  const { workspaceId } = actor;
  const account = await findAccount(db, { id, workspaceId });
  const [user] = await findUsers(db, workspaceId, id);
  if (!account || !user) throw unknownUser();
  return { ...maskedUser(actor, user), emailVerified: account.emailVerified, elsewhere: account.elsewhere };
}

const unknownUser = () => new NotFound('user.unknown', 'There is no such user in this workspace.', { hint: 'See the list of users.' });

/** The account of a person, for whoever may change it. @throws NotFound, Conflict */
async function personToChange(trx: IdentityTransaction, actor: Actor, id: string): Promise<Account> {
  const account = await findAccount(trx, { id, workspaceId: actor.workspaceId, lock: true });
  if (!account || account.kind === 'service') throw unknownUser();
  if (account.kind === 'local')
    throw new Conflict('user.local_operator', 'The local operator stands for this machine and cannot be changed.', {
      hint: 'It is known by its token file in the data folder.',
    });
  return account;
}

export async function renameUser(db: IdentityDb, actor: Actor, { id, name }: { id: string; name: string }): Promise<UserDetails> {
  requirePermission(actor, 'user.edit');
  return db.transaction().execute(async (trx) => {
    const account = await personToChange(trx, actor, id);
    await requireAccountInReach(trx, actor, id);
    await saveName(trx, { id, name });
    await recordAudit(trx, actor, { action: 'user.updated', object: objectOf(account), before: { name: account.name }, after: { name } });
    return detailsOf(trx, actor, id);
  });
}

/** @throws Conflict for oneself and the only administrator */
async function personToLose(trx: IdentityTransaction, actor: Actor, id: string): Promise<Account> {
  const administrators = await lockAdministrators(trx, actor.workspaceId);
  const account = await personToChange(trx, actor, id);
  if (id === actor.userId) throw new Conflict('user.oneself', 'You cannot shut yourself out.', { hint: 'Ask another administrator.' });
  requireNotAbove(actor, account);
  if (administrators.length === 1 && administrators[0] === id)
    throw new Conflict('user.last_administrator', 'This is the only administrator of the workspace.', { hint: 'Make somebody else an administrator first.' });
  return account;
}

/** Does nothing to who is suspended already. */
export async function suspendUser(db: IdentityDb, actor: Actor, id: string): Promise<UserDetails> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const account = await personToLose(trx, actor, id);
    if (account.suspendedAt === null) {
      await setSuspended(trx, { id, workspaceId, isSuspended: true });
      await endLending(trx, { id, workspaceId });
      // Elsewhere the person goes on; here each request is refused from now on.
      const ended = account.elsewhere ? 0 : await endSessionsOf(trx, { userId: id });
      await recordAudit(trx, actor, { action: 'user.suspended', object: objectOf(account), after: { ended } });
    }
    return detailsOf(trx, actor, id);
  });
}

export async function restoreUser(db: IdentityDb, actor: Actor, id: string): Promise<UserDetails> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const account = await personToChange(trx, actor, id);
    if (account.suspendedAt !== null) {
      await setSuspended(trx, { id, workspaceId, isSuspended: false });
      await recordAudit(trx, actor, { action: 'user.restored', object: objectOf(account) });
    }
    return detailsOf(trx, actor, id);
  });
}

export async function deleteUser(db: IdentityDb, actor: Actor, id: string): Promise<{ erased: boolean }> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const account = await personToLose(trx, actor, id);
    const [before] = await findUsers(trx, workspaceId, id);
    const erased = !account.elsewhere;
    if (erased) await endSessionsOf(trx, { userId: id });
    await deleteMembership(trx, { id, workspaceId });
    if (erased) await eraseUser(trx, { ...account, workspaceId });
    await recordAudit(trx, actor, { action: 'user.deleted', object: objectOf(account), before: { name: account.name, role: before?.role }, after: { erased } });
    return { erased };
  });
}

export async function listUserSessions(db: Db, actor: Actor, id: string): Promise<Session[]> {
  requirePermission(actor, 'user.edit');
  await requireMember(db, actor, id);
  await requireAccountInReach(db, actor, id);
  return findSessions(db, id, actor.sessionId);
}

export async function endUserSession(db: IdentityDb, actor: Actor, { id, session }: { id: string; session: string }): Promise<{ ended: true }> {
  requirePermission(actor, 'user.edit');
  const account = await requireMember(db, actor, id);
  await requireAccountInReach(db, actor, id);
  return db.transaction().execute(async (trx) => {
    if (!(await deleteSession(trx, { userId: id, id: session })))
      throw new NotFound('session.unknown', 'This user has no such session; it may have ended already.');
    await recordAudit(trx, actor, { action: 'session.revoked', object: { type: 'session', id: session, title: account.email } });
    return { ended: true as const };
  });
}

/** Of this workspace alone: those of another are no business of its administrators. */
export async function listUserTokens(db: Db, actor: Actor, id: string): Promise<ApiTokenInfo[]> {
  requirePermission(actor, 'user.edit');
  await requireMember(db, actor, id);
  return findApiTokens(db, { workspaceId: actor.workspaceId, userId: id });
}

export async function revokeUserToken(db: IdentityDb, actor: Actor, { id, token }: { id: string; token: string }): Promise<{ revoked: true }> {
  requirePermission(actor, 'user.edit');
  const account = await requireMember(db, actor, id);
  return db.transaction().execute(async (trx) => {
    if ((await revokeApiTokens(trx, { workspaceId: actor.workspaceId, userId: id, id: token })) === 0)
      throw new NotFound('token.unknown', 'This user has no such token; it may have been revoked already.');
    await recordAudit(trx, actor, { action: 'token.revoked', object: { type: 'token', id: token, title: account.email } });
    return { revoked: true as const };
  });
}

async function requireMember(db: Db, actor: Actor, id: string): Promise<Account> {
  const account = await findAccount(db, { id, workspaceId: actor.workspaceId });
  if (!account) throw unknownUser();
  return account;
}
