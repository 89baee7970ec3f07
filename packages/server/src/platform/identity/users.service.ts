// The users of a workspace and their roles.

import type { Role } from '@tidewheel/contract/access';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { User } from '@tidewheel/contract/routes/identity';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { lockAccess } from './access-lock.store.ts';
import { type Db, findKind, findUsers, type IdentityDb, lockAdministrators, updateRole } from './identity.store.ts';
import { maskedUser, maskedUsers } from './masked-user.ts';
import { changingAccessOf, knownRole, requireGivableRole, requireWithinOwn } from './role-assignment.ts';

export async function listUsers(db: Db, actor: Actor): Promise<User[]> {
  requirePermission(actor, 'user.read');
  return maskedUsers(actor, await findUsers(db, actor.workspaceId));
}

/**
 * Neither the new role nor the present one can hold more than the actor holds himself.
 * @throws NotFound, InvalidInput, NotAllowed, Conflict when it would leave the workspace without an administrator or bring together what is kept apart
 */
export async function setRole(db: IdentityDb, actor: Actor, { id, role }: { id: string; role: Role }): Promise<User> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const administrators = await lockAdministrators(trx, workspaceId);
    if (role !== 'admin' && administrators.length === 1 && administrators[0] === id) {
      throw new Conflict('user.last_administrator', 'This is the only administrator of the workspace.', { hint: 'Make somebody else an administrator first.' });
    }
    const kind = await findKind(trx, id);
    if (kind === 'local')
      throw new Conflict('user.local_operator', 'The role of the local operator is fixed: whoever reads its token file could read the keys as well.');
    const [before] = await findUsers(trx, workspaceId, id);
    if (kind === undefined || !before) throw new NotFound('user.unknown', 'There is no such user in this workspace.');
    const present = await knownRole(trx, workspaceId, before.role).catch(() => null);
    if (present)
      await requireWithinOwn(trx, actor, { ...present, holder: before.email, lasts: null, what: `another role to somebody with the role ${present.title}` });
    await requireGivableRole(trx, actor, role, { holder: before.email });
    await changingAccessOf(trx, workspaceId, id, () => updateRole(trx, { workspaceId, userId: id, role }));
    const [user] = await findUsers(trx, workspaceId, id);
    await recordAudit(trx, actor, {
      action: 'user.role_changed',
      object: { type: 'user', id, title: user?.email ?? id },
      before: { role: before?.role },
      after: { role },
    });
    return maskedUser(actor, user as User);
  });
}
