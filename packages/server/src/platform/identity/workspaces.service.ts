// Workspaces and who is in them.
import { Ability } from '@tidewheel/contract/ability';
import { presetRoles } from '@tidewheel/contract/access';
import { Conflict, InvalidInput, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Member, Workspace } from '@tidewheel/contract/routes/workspaces';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { masksAny } from '../../base/masked-view.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { abilityOf } from './access.ts';
import { findPerson } from './account-links.store.ts';
import { addMembership, type Db, type IdentityDb, type IdentityTransaction, lockAdministrators } from './identity.store.ts';
import { maskedPerson } from './masked-person.ts';
import { changingAccessOf } from './role-assignment.ts';
import { deleteMembership, eraseUser, findAccount } from './user-admin.store.ts';
import {
  findAccess,
  findMembers,
  findWorkspaces,
  hasOwnRole,
  insertWorkspace,
  saveSlug,
  saveTitle,
  setArchived,
  slugIsTaken,
  type WorkspaceRow,
  workspaceView,
} from './workspaces.store.ts';

const objectOf = ({ id, slug }: { id: string; slug: string }) => ({ type: 'workspace', id, title: slug });

const unknown = (slug: string) =>
  new NotFound('workspace.unknown', `There is no workspace "${slug}", or you are not a member of it.`, { hint: 'See the list of your workspaces.' });

export async function listWorkspaces(db: Db, actor: Actor): Promise<Workspace[]> {
  const seesAll = may(actor, 'workspace.edit');
  const all = await findWorkspaces(db, { userId: actor.userId });
  return all.filter((one) => isVisible(one, actor)).map((one) => workspaceView(one, seesAll || one.id === actor.workspaceId));
}

// A key and a service account are for one workspace: of the others they learn nothing.
function isVisible(one: WorkspaceRow, actor: Actor): boolean {
  if (may(actor, 'workspace.edit') || one.id === actor.workspaceId) return true;
  return one.role !== null && one.archivedAt === null && !actor.isLimited;
}

/** @throws NotFound */
export async function showWorkspace(db: Db, actor: Actor, slug: string): Promise<Workspace> {
  const found = await requireVisible(db, actor, slug);
  return workspaceView(found, may(actor, 'workspace.edit') || found.id === actor.workspaceId);
}

async function requireVisible(db: Db, actor: Actor, slug: string): Promise<WorkspaceRow> {
  const [found] = await findWorkspaces(db, { userId: actor.userId, named: slug });
  if (!found || !isVisible(found, actor)) throw unknown(slug);
  return found;
}

/** A change of a workspace and its entry, which stands in the trail of the main workspace: there workspaces are administered. */
async function change(
  db: IdentityDb,
  actor: Actor,
  slug: string,
  work: (trx: IdentityTransaction, found: WorkspaceRow) => Promise<Parameters<typeof recordAudit>[2] | null>,
): Promise<Workspace> {
  requirePermission(actor, 'workspace.edit');
  return db.transaction().execute(async (trx) => {
    const found = await requireVisible(trx, actor, slug);
    const record = await work(trx, found);
    if (record) await recordAudit(trx, actor, record);
    const [after] = await findWorkspaces(trx, { userId: actor.userId, named: found.slug });
    return workspaceView(after ?? found, true);
  });
}

/** @throws Conflict, NotFound */
export async function createWorkspace(
  db: IdentityDb,
  actor: Actor,
  { slug, title, administrator }: { slug: string; title: string; administrator?: string | undefined },
): Promise<Workspace> {
  requirePermission(actor, 'workspace.edit');
  return db.transaction().execute(async (trx) => {
    await requireFreeSlug(trx, slug);
    const id = newId();
    await insertWorkspace(trx, { id, slug, title }).catch(whenTaken(slug));
    const first = administrator === undefined ? undefined : await personWith(trx, administrator);
    const creator = actor.userId !== null && actor.kind !== 'service' ? await findPerson(trx, { id: actor.userId, workspaceId: actor.workspaceId }) : undefined;
    for (const userId of new Set([creator?.id, first?.id])) if (userId !== undefined) await addMembership(trx, { workspaceId: id, userId, role: 'admin' });
    await recordAudit(trx, actor, { action: 'workspace.created', object: objectOf({ id, slug }), after: { slug, title, administrator: first?.email } });
    const [made] = await findWorkspaces(trx, { userId: actor.userId, named: slug });
    return workspaceView(made as WorkspaceRow, true);
  });
}

async function requireFreeSlug(trx: IdentityTransaction, slug: string): Promise<void> {
  if (await slugIsTaken(trx, slug)) throw taken(slug);
}

const taken = (slug: string) =>
  new Conflict('workspace.exists', `The name "${slug}" is taken, by a workspace or as the earlier name of one.`, { hint: 'Choose another slug.' });

function whenTaken(slug: string): (error: unknown) => never {
  return (error) => {
    throw (error as { code?: string }).code === '23505' ? taken(slug) : error;
  };
}

export function updateWorkspace(
  db: IdentityDb,
  actor: Actor,
  { slug, changed }: { slug: string; changed: { slug?: string | undefined; title?: string | undefined } },
): Promise<Workspace> {
  return change(db, actor, slug, async (trx, found) => {
    const next = { slug: changed.slug ?? found.slug, title: changed.title ?? found.title };
    if (next.slug === found.slug && next.title === found.title) return null;
    if (next.slug !== found.slug) await rename(trx, found, next.slug);
    await saveTitle(trx, { id: found.id, title: next.title });
    return { action: 'workspace.updated', object: objectOf({ ...found, slug: next.slug }), before: { slug: found.slug, title: found.title }, after: next };
  });
}

// Its own earlier name it may take back.
async function rename(trx: IdentityTransaction, { id, slug: before }: WorkspaceRow, slug: string): Promise<void> {
  const [holder] = await findWorkspaces(trx, { userId: null, named: slug });
  if (holder && holder.id !== id) throw taken(slug);
  await saveSlug(trx, { id, before, slug }).catch(whenTaken(slug));
}

/** Does nothing to one that is archived. @throws Conflict for the main one */
export function archiveWorkspace(db: IdentityDb, actor: Actor, slug: string): Promise<Workspace> {
  return change(db, actor, slug, async (trx, found) => {
    if (found.main) throw new Conflict('workspace.main', 'The main workspace cannot be archived: the installation is administered from it.');
    if (found.archivedAt !== null) return null;
    await setArchived(trx, { id: found.id, by: actor.label });
    return { action: 'workspace.archived', object: objectOf(found) };
  });
}

export function restoreWorkspace(db: IdentityDb, actor: Actor, slug: string): Promise<Workspace> {
  return change(db, actor, slug, async (trx, found) => {
    if (found.archivedAt === null) return null;
    await setArchived(trx, { id: found.id, by: null });
    return { action: 'workspace.restored', object: objectOf(found) };
  });
}

/** Members are managed in their workspace; an administrator of the installation reaches every one. @throws NotFound, NotAllowed */
async function inReach(db: Db, actor: Actor, slug: string): Promise<WorkspaceRow> {
  const found = await requireVisible(db, actor, slug);
  if (found.id !== actor.workspaceId && !may(actor, 'workspace.edit'))
    throw new NotAllowed('workspace.elsewhere', `You work in another workspace than "${found.slug}".`, {
      hint: `Call with the header Tidewheel-Workspace: ${found.slug}.`,
    });
  return found;
}

export async function listMembers(db: Db, actor: Actor, slug: string): Promise<Member[]> {
  requirePermission(actor, 'user.read');
  const { id } = await inReach(db, actor, slug);
  const members = await findMembers(db, { workspaceId: id });
  return masksAny(actor, 'user') ? inOrderOfNames(members.map((member) => maskedPerson(actor, member))) : members;
}

// The order of masked addresses would tell of them.
const inOrderOfNames = (members: Member[]): Member[] => members.toSorted((one, other) => one.name.localeCompare(other.name));

/** @throws NotFound for who has no account, Conflict for who is in it, NotAllowed for a role above one's own */
export async function addMember(db: IdentityDb, actor: Actor, { slug, email, role }: { slug: string; email: string; role: string }): Promise<Member> {
  requirePermission(actor, 'user.edit');
  return db.transaction().execute(async (trx) => {
    const { id: workspaceId, ...workspace } = await inReach(trx, actor, slug);
    const person = await personWith(trx, email);
    await requireRole(trx, { workspaceId, role });
    if (await findAccount(trx, { id: person.id, workspaceId }))
      throw new Conflict('member.exists', `${person.email} is a member of this workspace already.`, { hint: 'Change the role instead.' });
    await changingAccessOf(trx, workspaceId, person.id, () => addMembership(trx, { workspaceId, userId: person.id, role }));
    await requireWithinOwn(trx, actor, { userId: person.id, workspaceId });
    const object = { type: 'user', id: person.id, title: person.email };
    await recordAudit(trx, { ...actor, workspaceId }, { action: 'member.added', object, after: { role, workspace: workspace.slug } });
    const [member] = await findMembers(trx, { workspaceId, userId: person.id });
    return member as Member;
  });
}

async function personWith(db: Db, email: string): Promise<{ id: string; email: string }> {
  const person = await findPerson(db, { email });
  if (person) return person;
  throw new NotFound('user.unknown', `Nobody with the address ${email} has an account.`, { hint: 'Invite the person instead.' });
}

/** @throws InvalidInput */
export async function requireRole(db: Db, { workspaceId, role }: { workspaceId: string; role: string }): Promise<void> {
  if (Object.hasOwn(presetRoles, role) || (await hasOwnRole(db, { workspaceId, slug: role }))) return;
  const message = `There is no role "${role}" in this workspace.`;
  throw new InvalidInput('role.unknown', message, { details: { faults: [{ path: 'role', message, severity: 'error' }] } });
}

/**
 * Nobody gives more than he has: asked inside the transaction, after the change. Whoever administers the installation may do so in every
 * workspace.
 * @throws NotAllowed
 */
export async function requireWithinOwn(
  db: Db,
  actor: Actor,
  { userId, workspaceId, scope = null }: { userId: string; workspaceId: string; scope?: string | null },
): Promise<void> {
  const access = await findAccess(db, { userId, workspaceId });
  if (access === undefined) throw new NotFound('user.unknown', 'There is no such account in this workspace.');
  const own = actor.ability && standing(actor.ability);
  const above = own === undefined ? [] : [...abilityOf(access, scope).permissions].filter((permission) => !own.canAll(permission));
  if (above.length === 0) return;
  throw new NotAllowed('permission.above_own', 'This would give more than you may do yourself.', {
    hint: 'Ask somebody who may do all of it, or give less.',
    details: { permissions: above },
  });
}

// What was lent to the giver, or ends some day, would outlast itself.
function standing({ sources, scopes }: Ability): Ability {
  const lasting = sources.filter(({ source }) => source.kind !== 'delegation' && source.until === null);
  return new Ability([...lasting, ...scopes].map(({ source }) => source));
}

/** @throws NotFound, Conflict for oneself and the only administrator */
export async function removeMember(db: IdentityDb, actor: Actor, { slug, id }: { slug: string; id: string }): Promise<{ removed: true }> {
  requirePermission(actor, 'user.edit');
  return db.transaction().execute(async (trx) => {
    const { id: workspaceId, ...workspace } = await inReach(trx, actor, slug);
    const administrators = await lockAdministrators(trx, workspaceId);
    const account = await findAccount(trx, { id, workspaceId, lock: true });
    if (account?.kind !== 'person') throw new NotFound('user.unknown', 'There is no such person in this workspace.', { hint: 'See the list of its members.' });
    if (id === actor.userId && workspaceId === actor.workspaceId)
      throw new Conflict('user.oneself', 'You cannot shut yourself out.', { hint: 'Ask another administrator.' });
    if (administrators.length === 1 && administrators[0] === id)
      throw new Conflict('user.last_administrator', 'This is the only administrator of the workspace.', { hint: 'Make somebody else an administrator first.' });
    await deleteMembership(trx, { id, workspaceId });
    if (!account.elsewhere) await eraseUser(trx, { ...account, workspaceId });
    const object = { type: 'user', id, title: account.email };
    await recordAudit(
      trx,
      { ...actor, workspaceId },
      { action: 'member.removed', object, before: { workspace: workspace.slug }, after: { erased: !account.elsewhere } },
    );
    return { removed: true as const };
  });
}
