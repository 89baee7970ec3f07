// Roles of a workspace as data: presets, changed presets, and roles of its own.
import { type Mask, presetRoles, type Role, type Rule } from '@tidewheel/contract/access';
import { heldEverywhere, heldPermissions } from '@tidewheel/contract/access-cover';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import { installationPermissions, permissions } from '@tidewheel/contract/route';
import type { AccessMatrix, RoleHolders, RoleInfo } from '@tidewheel/contract/routes/access';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { closestName } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { contentOf } from './access.ts';
import { findBorrowers, lockAccess } from './access-lock.store.ts';
import type { Db, IdentityDb, IdentityTransaction } from './identity.store.ts';
import { maskedAddress } from './masked-person.ts';
import { knownRole, requireWithinOwn } from './role-assignment.ts';
import { countMembersByRole, findHolders, findReached, findRoleRows, type RoleRow, removeRole, saveRole } from './roles.store.ts';
import { keepApart } from './separation-check.ts';

/** Roles of its own that a workspace can have. */
const mostRoles = 200;

export async function listRoles(db: Db, actor: Actor): Promise<RoleInfo[]> {
  requirePermission(actor, 'role.read');
  return findRoles(db, actor.workspaceId);
}

/** Presets first, then its own by name. */
export async function findRoles(db: Db, workspaceId: string): Promise<RoleInfo[]> {
  const rows = new Map((await findRoleRows(db, workspaceId)).map((row) => [row.slug, row]));
  const holders = await countMembersByRole(db, workspaceId);
  const own = [...rows.keys()].filter((slug) => !(slug in presetRoles));
  return [...Object.keys(presetRoles), ...own].map((slug) => viewRole(slug, { row: rows.get(slug), holders: holders.get(slug) ?? 0 }));
}

function viewRole(slug: Role, { row, holders }: { row: RoleRow | undefined; holders: number }): RoleInfo {
  const preset = presetRoles[slug];
  const changed = preset !== undefined && row !== undefined && row.rules !== null && slug !== 'admin';
  const { rules, masks } = contentOf({ slug, rules: row?.rules ?? null, masks: row?.masks ?? null });
  const { title, description } = preset && !changed ? preset : { title: row?.title ?? slug, description: row?.description ?? '' };
  const facts = { preset: preset !== undefined, changed, fixed: slug === 'admin', revision: row?.revision ?? 0, holders };
  return { slug, title, description, rules, masks, ...facts, updatedAt: row?.updated_at.toISOString() ?? null };
}

/** @throws NotFound naming the closest */
export async function showRole(db: Db, actor: Actor, slug: Role): Promise<RoleInfo> {
  requirePermission(actor, 'role.read');
  return findRole(db, actor.workspaceId, slug);
}

async function findRole(db: Db, workspaceId: string, slug: Role): Promise<RoleInfo> {
  const roles = await findRoles(db, workspaceId);
  const role = roles.find((one) => one.slug === slug);
  if (role) return role;
  const meant = closestName(
    slug,
    roles.map((one) => one.slug),
  );
  throw new NotFound('role.unknown', `There is no role "${slug}" in this workspace.`, {
    hint: meant === undefined ? 'See the list of roles.' : `Did you mean "${meant}"?`,
  });
}

export async function listRoleHolders(db: Db, actor: Actor, slug: Role): Promise<RoleHolders> {
  requirePermission(actor, 'role.read');
  await findRole(db, actor.workspaceId, slug);
  const holders = await findHolders(db, { workspaceId: actor.workspaceId, slug });
  const masked = <P extends { email: string }>(one: P): P => ({ ...one, email: maskedAddress(actor, one.email) });
  return { ...holders, members: holders.members.map(masked), grants: holders.grants.map(masked), invitations: holders.invitations.map(masked) };
}

interface NewRole {
  slug: Role;
  title: string;
  description: string;
  copyFrom?: Role | undefined;
  rules?: Rule[] | undefined;
  masks?: Mask[] | undefined;
}

/** @throws Conflict when there is one of that name, NotAllowed when it goes beyond the actor's own rights */
export async function createRole(db: IdentityDb, actor: Actor, { slug, title, description, copyFrom, rules, masks }: NewRole): Promise<RoleInfo> {
  requirePermission(actor, 'role.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const roles = await findRoles(trx, workspaceId);
    if (roles.some((role) => role.slug === slug))
      throw new Conflict('role.exists', `There is a role "${slug}" already.`, { hint: 'Choose another name, or change that one.' });
    if (roles.length >= mostRoles) throw new Conflict('role.too_many', `A workspace can have ${mostRoles} roles.`, { hint: 'Delete roles that nobody holds.' });
    const origin = copyFrom === undefined ? { rules: [], masks: [] } : await knownRole(trx, workspaceId, copyFrom, 'copyFrom');
    const content = { rules: rules ?? origin.rules, masks: masks ?? origin.masks };
    await requireWithinOwn(trx, actor, { ...content, holder: null, lasts: null, what: `the role ${title}` });
    await saveRole(trx, { workspaceId, slug, title, description, ...content });
    await recordAudit(trx, actor, { action: 'role.created', object: objectOf({ slug, title }), after: { title, description, ...content } });
    return findRole(trx, workspaceId, slug);
  });
}

const objectOf = ({ slug, title }: { slug: string; title: string }) => ({ type: 'role', id: slug, title });

interface ChangedRole {
  slug: Role;
  title: string;
  description: string;
  rules: Rule[];
  masks: Mask[];
  revision: number;
}

/** @throws NotFound, Conflict when somebody else changed it meanwhile, NotAllowed */
export async function updateRole(db: IdentityDb, actor: Actor, { slug, revision, ...content }: ChangedRole): Promise<RoleInfo> {
  requirePermission(actor, 'role.edit');
  return db.transaction().execute(async (trx) => {
    const before = await roleToChange(trx, actor, slug);
    if (before.revision !== revision)
      throw new Conflict('role.changed_meanwhile', `Somebody else changed the role ${before.title} meanwhile: it is at revision ${before.revision}.`, {
        hint: 'Load it again and make your change there.',
        details: { revision: before.revision },
      });
    return keepContent(trx, actor, { before, content, action: 'role.updated' });
  });
}

/** Nothing happens to a preset that is as it was. @throws NotFound, Conflict for a role that is no preset, NotAllowed */
export async function resetRole(db: IdentityDb, actor: Actor, slug: Role): Promise<RoleInfo> {
  requirePermission(actor, 'role.edit');
  return db.transaction().execute(async (trx) => {
    const before = await roleToChange(trx, actor, slug);
    const preset = presetRoles[slug];
    if (!preset)
      throw new Conflict('role.no_preset', `"${slug}" is a role of this workspace: there is nothing to reset it to.`, { hint: 'Change or delete it instead.' });
    return before.changed ? keepContent(trx, actor, { before, content: preset, action: 'role.reset' }) : before;
  });
}

async function roleToChange(trx: IdentityTransaction, actor: Actor, slug: Role): Promise<RoleInfo> {
  await lockAccess(trx, actor.workspaceId);
  const role = await findRole(trx, actor.workspaceId, slug);
  if (role.fixed)
    throw new Conflict('role.fixed', 'The role Admin cannot be changed, so that somebody can always mend the others.', {
      hint: 'Make a copy and change that.',
    });
  // Nobody takes from those above him either.
  await requireWithinOwn(trx, actor, { ...role, holder: null, lasts: null, what: `the role ${role.title} as it is` });
  return role;
}

interface Keeping {
  before: RoleInfo;
  content: { title: string; description: string; rules: Rule[]; masks: Mask[] };
  action: 'role.updated' | 'role.reset';
}

async function keepContent(trx: IdentityTransaction, actor: Actor, { before, content, action }: Keeping): Promise<RoleInfo> {
  const { workspaceId } = actor;
  const { slug } = before;
  await requireWithinOwn(trx, actor, { ...content, holder: null, lasts: null, what: `the role ${content.title}` });
  const reached = await findReached(trx, { workspaceId, slug });
  const borrowers = await findBorrowers(trx, { workspaceId, lenders: reached });
  const { title, description, rules, masks } = content;
  const kept = action === 'role.reset' ? { title, description, rules: null, masks: [] } : { title, description, rules, masks };
  await keepApart(trx, { workspaceId, users: [...new Set([...reached, ...borrowers])] }, () => saveRole(trx, { workspaceId, slug, ...kept }));
  await recordAudit(trx, actor, {
    action,
    object: objectOf({ slug, title }),
    before: { title: before.title, description: before.description, rules: before.rules, masks: before.masks },
    after: { title, description, rules, masks },
  });
  return findRole(trx, workspaceId, slug);
}

/** @throws NotFound, Conflict for presets and for what is still held, naming the holders */
export async function deleteRole(db: IdentityDb, actor: Actor, slug: Role): Promise<{ deleted: true }> {
  requirePermission(actor, 'role.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    const before = await roleToChange(trx, actor, slug);
    if (before.preset) throw new Conflict('role.preset', `${before.title} is a preset: every workspace has it.`, { hint: 'Change it, or give it to nobody.' });
    refuseHeld(before, await findHolders(trx, { workspaceId, slug }));
    await removeRole(trx, { workspaceId, slug });
    const { title, description, rules, masks } = before;
    await recordAudit(trx, actor, { action: 'role.deleted', object: objectOf(before), before: { title, description, rules, masks } });
    return { deleted: true as const };
  });
}

const named = 3;

function refuseHeld({ title }: RoleInfo, { members, memberCount, grants, invitations, signInRules }: RoleHolders): void {
  const holders = [
    namesOf(
      'member',
      members.map((member) => member.email),
      memberCount,
    ),
    namesOf(
      'grant to',
      grants.map((grant) => grant.email),
    ),
    namesOf(
      'invitation of',
      invitations.map((invitation) => invitation.email || 'the first administrator'),
    ),
    signInRules.includes('registrationRole') ? 'self-registration (rules of signing in)' : '',
    signInRules.includes('secondFactorRoles') ? 'required second factor (rules of signing in)' : '',
  ].filter((text) => text !== '');
  if (holders.length === 0) return;
  throw new Conflict('role.held', `The role ${title} is still in use: ${holders.join('; ')}.`, {
    hint: 'Give those another role first.',
    details: { memberCount, members: members.slice(0, 20).map((member) => member.email), grants, invitations, signInRules },
  });
}

function namesOf(what: string, names: readonly string[], count = names.length): string {
  if (count === 0) return '';
  const rest = count - Math.min(named, names.length);
  return `${what} ${names.slice(0, named).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What each role may do: on all objects, on some, on none. */
export async function showMatrix(db: Db, actor: Actor): Promise<AccessMatrix> {
  requirePermission(actor, 'role.read');
  const roles = await findRoles(db, actor.workspaceId);
  return {
    permissions: permissions.map((permission) => ({ permission, mainWorkspaceOnly: installationPermissions.has(permission) })),
    roles: roles.map(({ slug, title, rules }) => {
      const held = heldPermissions(rules);
      const cells = permissions.map((permission) => [permission, heldEverywhere(rules, permission) ? 'all' : held.has(permission) ? 'some' : 'none'] as const);
      return { slug, title, cells: Object.fromEntries(cells) };
    }),
  };
}
