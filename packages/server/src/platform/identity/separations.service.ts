// Separation of duties: which permissions nobody may hold together.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Separation, Violation } from '@tidewheel/contract/routes/separations';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { lockAccess } from './access-lock.store.ts';
import type { Db, IdentityDb } from './identity.store.ts';
import { maskedAddress, maskedPerson } from './masked-person.ts';
import { findViolations } from './separation-check.ts';
import { deleteSeparation, findSeparations, insertSeparation } from './separations.store.ts';

/** Rules of a workspace: each change of access looks at all of them. */
const mostSeparations = 100;

export async function listSeparations(db: Db, actor: Actor): Promise<Separation[]> {
  requirePermission(actor, 'role.read');
  const all = await findSeparations(db, actor.workspaceId);
  return all.map((separation) => ({ ...separation, createdBy: maskedAddress(actor, separation.createdBy) }));
}

export async function listViolations(db: Db, actor: Actor): Promise<Violation[]> {
  requirePermission(actor, 'role.read');
  return masked(actor, await findViolations(db, { workspaceId: actor.workspaceId }));
}

function masked(actor: Actor, violations: Violation[]): Violation[] {
  return violations.map((violation) => ({ ...violation, user: maskedPerson(actor, violation.user) }));
}

/** Those who hold both already keep them: they are named in the answer. @throws Conflict */
export async function createSeparation(
  db: IdentityDb,
  actor: Actor,
  { title, one, other }: { title: string; one: Permission[]; other: Permission[] },
): Promise<Separation & { violations: Violation[] }> {
  requirePermission(actor, 'role.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const present = await findSeparations(trx, workspaceId);
    if (present.length >= mostSeparations) throw new Conflict('separation.too_many', `A workspace can have ${mostSeparations} of them.`);
    const id = newId();
    if (!(await insertSeparation(trx, { workspaceId, id, title, one: [...new Set(one)], other: [...new Set(other)], createdBy: actor.label })))
      throw new Conflict('separation.exists', `There is a separation named "${title}" already.`, { hint: 'Choose another title, or remove that one.' });
    const violations = (await findViolations(trx, { workspaceId })).filter(({ separation }) => separation.id === id);
    await recordAudit(trx, actor, {
      action: 'separation.created',
      object: { type: 'separation', id, title },
      after: { one, other, violations: violations.map(({ user }) => user.email) },
    });
    const made = (await findSeparations(trx, workspaceId)).find((separation) => separation.id === id) as Separation;
    return { ...made, violations: masked(actor, violations) };
  });
}

/** @throws NotFound */
export async function removeSeparation(db: IdentityDb, actor: Actor, id: string): Promise<{ removed: true }> {
  requirePermission(actor, 'role.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const before = (await findSeparations(trx, workspaceId)).find((separation) => separation.id === id);
    if (!before || !(await deleteSeparation(trx, { workspaceId, id }))) throw new NotFound('separation.unknown', 'There is no such separation of duties.');
    const { title, one, other } = before;
    await recordAudit(trx, actor, { action: 'separation.removed', object: { type: 'separation', id, title }, before: { one, other } });
    return { removed: true as const };
  });
}
