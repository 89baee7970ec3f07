// The users of a workspace and their roles.

import type { Role } from '@tidewheel/contract/access';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { User } from '@tidewheel/contract/routes/identity';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Db, findKind, findUsers, type IdentityDb, lockAdministrators, updateRole } from './identity.store.ts';

export async function listUsers(db: Db, actor: Actor): Promise<User[]> {
  requirePermission(actor, 'user.read');
  return findUsers(db, actor.workspaceId);
}

/** @throws NotFound, Conflict when it would leave the workspace without an administrator */
export async function setRole(db: IdentityDb, actor: Actor, { id, role }: { id: string; role: Role }): Promise<User> {
  requirePermission(actor, 'user.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const administrators = await lockAdministrators(trx, workspaceId);
    if (role !== 'admin' && administrators.length === 1 && administrators[0] === id) {
      throw new Conflict('user.last_administrator', 'This is the only administrator of the workspace.', { hint: 'Make somebody else an administrator first.' });
    }
    const kind = await findKind(trx, id);
    if (kind === 'local')
      throw new Conflict('user.local_operator', 'The role of the local operator is fixed: whoever reads its token file could read the keys as well.');
    const [before] = await findUsers(trx, workspaceId, id);
    if (kind === undefined || !(await updateRole(trx, { workspaceId, userId: id, role })))
      throw new NotFound('user.unknown', 'There is no such user in this workspace.');
    const [user] = await findUsers(trx, workspaceId, id);
    await recordAudit(trx, actor, {
      action: 'user.role_changed',
      object: { type: 'user', id, title: user?.email ?? id },
      before: { role: before?.role },
      after: { role },
    });
    return user as User;
  });
}
