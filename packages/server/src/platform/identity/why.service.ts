// Why somebody may do something or not: each source of rules with what it says, and what would give it.
import { Ability, type Attributes } from '@tidewheel/contract/ability';
import type { RuleSource } from '@tidewheel/contract/access';
import { heldPermissions } from '@tidewheel/contract/access-cover';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { installationPermissions, type Permission } from '@tidewheel/contract/route';
import type { Why } from '@tidewheel/contract/routes/access';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { requireRead } from '../../base/object-access.ts';
import { sourcesOfText } from './access.ts';
import { findMember, findMemberAccess, isMainWorkspace, type Member } from './access-lock.store.ts';
import { memberByEmail } from './grants.service.ts';
import type { Db } from './identity.store.ts';
import { maskedAddress } from './masked-person.ts';
import { findObject, type NamedType } from './objects.store.ts';
import { findRoles } from './roles.service.ts';
import { userOf } from './session-cookie.ts';
import { findFactorDue } from './why.store.ts';

export interface Question {
  permission: Permission;
  user?: string | undefined;
  type?: NamedType | undefined;
  object?: string | undefined;
}

/** About oneself, or with role.read about another member. @throws InvalidInput, NotFound, NotAllowed */
export async function explainAccess(db: Db, actor: Actor, { permission, user, type, object }: Question): Promise<Why> {
  const self = userOf(actor);
  const { workspaceId } = actor;
  if (user !== undefined && user !== actor.label) requirePermission(actor, 'role.read');
  const member = user === undefined ? await findMember(db, { workspaceId, id: self.userId }) : await memberByEmail(db, workspaceId, user);
  if (!member) throw new NotFound('user.unknown', 'You are not a member of this workspace any more.');
  const about = await objectOf(db, actor, { permission, type, object });
  const [theirs] = await findMemberAccess(db, { workspaceId, ids: [member.id] });
  const ability = member.id === self.userId && actor.ability ? actor.ability : new Ability(theirs ? sourcesOfText(theirs.access) : []);
  const note = await noteOn(db, { member, permission, workspaceId });
  const { allowed, reasons } = ability.explain(permission, about?.attributes);
  const blocked = member.suspended || (await findFactorDue(db, { userId: member.id, role: member.role }));
  const { id, email, name } = member;
  return {
    permission,
    user: { id, email, name },
    object: about,
    allowed: allowed && !blocked,
    reasons,
    note,
    ...(await whatWouldGive(db, actor, { permission, attributes: about?.attributes, me: email })),
  };
}

async function objectOf(db: Db, actor: Actor, { permission, type, object }: Question): Promise<Why['object']> {
  if (object === undefined && type === undefined) return null;
  const noun = permission.slice(0, permission.indexOf('.'));
  if (type === undefined || object === undefined)
    throw new InvalidInput('why.object', 'An object needs both its type and its name or id.', { hint: 'Give `type` and `object`, or neither.' });
  const found = await findObject(db, { workspaceId: actor.workspaceId, type, object });
  const unknown = () => new NotFound(`${type}.unknown`, `There is no ${type} "${object}" that you may see in this workspace.`);
  if (!found) throw unknown();
  requireRead(actor, { read: `${type}.read`, object: found.attributes, unknown });
  if (!speaksOf(noun, type))
    throw new InvalidInput('why.permission', `${permission} is not asked of a ${type}.`, {
      hint: `Ask about a permission on the ${type}, or leave the object out.`,
    });
  return { type, id: found.id, title: found.title, attributes: { ...found.attributes } };
}

const alsoOf: Readonly<Record<string, readonly string[]>> = { flow: ['run', 'artifact', 'approval'], run: ['artifact', 'approval'], artifact: ['run'] };

// A flow can be asked about its runs, and everything about being shared.
function speaksOf(noun: string, type: NamedType): boolean {
  return noun === type || noun === 'grant' || (alsoOf[type] ?? []).includes(noun);
}

async function noteOn(db: Db, { member, permission, workspaceId }: { member: Member; permission: Permission; workspaceId: string }): Promise<string | null> {
  if (member.suspended) return 'Suspended: nothing is allowed until an administrator restores the account.';
  if (await findFactorDue(db, { userId: member.id, role: member.role }))
    return 'The role asks for a second factor that is not set up: nothing is allowed before that.';
  if (installationPermissions.has(permission) && !(await isMainWorkspace(db, workspaceId)))
    return 'It is about the whole installation and counts in the main workspace only.';
  return null;
}

interface Wanted {
  permission: Permission;
  attributes: Attributes | undefined;
  /** Whom `@me` means. */
  me: string;
}

/** Members looked at, and named, as who can give it. */
const mostAsked = 500;
const mostNamed = 10;

async function whatWouldGive(db: Db, actor: Actor, wanted: Wanted): Promise<Pick<Why, 'roles' | 'givers'>> {
  const { permission, me } = wanted;
  const counts = !installationPermissions.has(permission) || (await isMainWorkspace(db, actor.workspaceId));
  const roles = counts ? await findRoles(db, actor.workspaceId) : [];
  const giving = roles.filter(({ title, rules, masks }) => allowedBy([{ kind: 'role', title, rules, masks, me, until: null }], wanted));
  const members = await findMemberAccess(db, { workspaceId: actor.workspaceId, limit: mostAsked });
  const givers = members.filter(({ suspended, access }) => !suspended && canGive(sourcesOfText(access), wanted)).slice(0, mostNamed);
  const showsMail = may(actor, 'user.read');
  return {
    roles: giving.map(({ slug, title }) => ({ slug, title })),
    givers: givers.map(({ name, email }) => (showsMail ? maskedAddress(actor, email) || name : name)),
  };
}

// Most hold neither: that is seen without an ability made of their rules.
function allowedBy(sources: RuleSource[], { permission, attributes }: Pick<Wanted, 'permission' | 'attributes'>): boolean {
  if (!sources.some(({ rules }) => heldPermissions(rules).has(permission))) return false;
  return attributes === undefined || new Ability(sources).can(permission, attributes);
}

function canGive(sources: RuleSource[], { permission, attributes }: Wanted): boolean {
  const lasting = sources.filter(({ kind }) => kind !== 'delegation');
  return allowedBy(lasting, { permission: 'grant.edit', attributes }) && allowedBy(lasting, { permission, attributes });
}
