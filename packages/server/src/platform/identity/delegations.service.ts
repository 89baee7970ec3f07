// Delegation: a member lends another what his role gives him, until a day. It never gives more than the lender has at that moment.
import { heldPermissions } from '@tidewheel/contract/access-cover';
import { Conflict, InvalidInput, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Permission } from '@tidewheel/contract/route';
import type { Delegation } from '@tidewheel/contract/routes/access';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { findMember, lockAccess, type Member } from './access-lock.store.ts';
import { findDelegation, findDelegations, insertDelegation } from './delegations.store.ts';
import { grantsAll, memberByEmail, periodOf } from './grants.service.ts';
import type { Db, IdentityDb, IdentityTransaction } from './identity.store.ts';
import { maskedPerson } from './masked-person.ts';
import { knownRole } from './role-assignment.ts';
import { keepApart } from './separation-check.ts';
import { userOf } from './session-cookie.ts';
import { endTerm } from './terms.store.ts';

/** Mine, or with grant.edit on everything that of all. @throws NotAllowed */
export async function listDelegations(
  db: Db,
  actor: Actor,
  { of, state, cursor, limit }: { of: 'mine' | 'all'; state?: Delegation['state'] | undefined } & PageRequest,
): Promise<Page<Delegation>> {
  const { userId, workspaceId } = userOf(actor);
  if (of === 'all') requireAll(actor);
  const page = await findDelegations(db, { workspaceId, state, of: of === 'mine' ? userId : undefined }, { cursor, limit });
  // Of one's own each sees with whom.
  if (of === 'mine') return page;
  return { ...page, items: page.items.map((one) => ({ ...one, from: maskedPerson(actor, one.from), to: maskedPerson(actor, one.to) })) };
}

function requireAll(actor: Actor): void {
  requirePermission(actor, 'grant.edit');
  if (!grantsAll(actor))
    throw new NotAllowed('permission.missing', 'You need the permission grant.edit on everything to see what others lend.', {
      hint: 'What you lent and what was lent to you is listed without `of=all`.',
      details: { permission: 'grant.edit', why: actor.ability?.explain('grant.edit').reasons ?? [] },
    });
}

interface Lending {
  to: string;
  permissions?: Permission[] | undefined;
  reason: string;
  from?: string | undefined;
  until: string;
}

/** @throws InvalidInput, NotFound, NotAllowed, Conflict when the borrower would hold what is to be kept apart */
export async function createDelegation(db: IdentityDb, actor: Actor, { to, permissions, reason, from, until }: Lending): Promise<Delegation> {
  const { userId, workspaceId } = userOf(actor);
  if (actor.isLimited || actor.ability?.scopes.length)
    throw new NotAllowed('delegation.key', 'A key with a scope cannot lend the rights of its holder.', { hint: 'Sign in to lend them.' });
  const { startsAt, endsAt } = periodOf({ from, until });
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    await requireLender(trx, { workspaceId, userId, permissions });
    const borrower = await memberByEmail(trx, workspaceId, to);
    requireBorrower(borrower, userId);
    const delegation = { workspaceId, id: newId(), from: userId, to: borrower.id, permissions: permissions ?? null, reason, startsAt, endsAt: endsAt as Date };
    await keepApart(trx, { workspaceId, users: [borrower.id] }, () => insertDelegation(trx, delegation));
    await recordAudit(trx, actor, {
      action: 'delegation.created',
      object: { type: 'delegation', id: delegation.id, title: `${actor.label} to ${borrower.email}` },
      after: { to: borrower.email, permissions: permissions ?? 'all of the role', reason, from: startsAt.toISOString(), until },
    });
    return (await findDelegation(trx, delegation)) as Delegation;
  });
}

async function requireLender(
  trx: IdentityTransaction,
  { workspaceId, userId, permissions }: { workspaceId: string; userId: string; permissions: Permission[] | undefined },
): Promise<void> {
  const lender = await findMember(trx, { workspaceId, id: userId });
  if (lender?.kind !== 'person')
    throw new Conflict('delegation.person', 'Only people lend their rights.', { hint: 'Give a program or the local operator a grant instead.' });
  const held = heldPermissions((await knownRole(trx, workspaceId, lender.role)).rules);
  const missing = permissions?.filter((permission) => !held.has(permission)) ?? [];
  if (missing.length > 0)
    throw new InvalidInput('delegation.not_held', `Your role does not give you ${missing.join(', ')}.`, {
      hint: 'What was granted or lent to you cannot be lent on.',
      details: { faults: [{ path: 'permissions', message: `must be of ${[...held].join(', ')}`, severity: 'error' }] },
    });
}

function requireBorrower(borrower: Member, lender: string): void {
  if (borrower.id === lender) throw new Conflict('delegation.oneself', 'You have your own rights already.', { hint: 'Lend them to somebody else.' });
  if (borrower.kind !== 'person' || borrower.suspended)
    throw new Conflict('delegation.person', `${borrower.email} is ${borrower.suspended ? 'suspended' : 'not a person'}: rights are lent to people.`);
}

/** The lender, the borrower, and who grants everything may end it. @throws NotFound, Conflict when it is over */
export async function endDelegation(db: IdentityDb, actor: Actor, id: string): Promise<Delegation> {
  const { userId, workspaceId } = userOf(actor);
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const before = await findDelegation(trx, { workspaceId, id });
    const isOwn = before !== undefined && [before.from.id, before.to.id].includes(userId);
    if (!before || !(isOwn || grantsAll(actor))) throw new NotFound('delegation.unknown', 'There is no such delegation of yours.');
    if (before.state === 'lapsed' || before.state === 'revoked' || !(await endTerm(trx, 'identity.delegation', { workspaceId, id, by: actor.label })))
      throw new Conflict('delegation.over', `This delegation is over already (${before.state}).`);
    const object = { type: 'delegation', id, title: `${before.from.email} to ${before.to.email}` };
    await recordAudit(trx, actor, {
      action: 'delegation.ended',
      object,
      before: { permissions: before.permissions, reason: before.reason, until: before.until },
    });
    return (await findDelegation(trx, { workspaceId, id })) as Delegation;
  });
}
