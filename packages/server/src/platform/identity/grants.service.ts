// Grants: more than a role gives, for a time or on one object. They lapse by themselves: nothing has to run for it.
import { Ability, type Attributes } from '@tidewheel/contract/ability';
import type { Role, Rule } from '@tidewheel/contract/access';
import { Conflict, InvalidInput, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Grant, ObjectAccess, Shareable } from '@tidewheel/contract/routes/access';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { sourcesOfText } from './access.ts';
import { findMember, findMemberAccess, lockAccess, type Member, type MemberAccess } from './access-lock.store.ts';
import { findGrant, findGrants, findGrantsOf, type GrantFilter, type GrantRow, insertGrant } from './grants.store.ts';
import type { Db, IdentityDb, IdentityTransaction } from './identity.store.ts';
import { maskedAddress, maskedPerson } from './masked-person.ts';
import { findObject, uuidForm } from './objects.store.ts';
import { knownRole, requireWithinOwn } from './role-assignment.ts';
import { keepApart } from './separation-check.ts';
import { objectToShare, permissionsOn, rulesOf, type Share, shareOf } from './share.ts';
import { endTerm } from './terms.store.ts';

/** Furthest that a grant or delegation can be planned ahead. */
const mostDays = 5 * 366;

function viewGrant(actor: Actor, { createdById: _id, ...row }: GrantRow): Grant {
  const revokedBy = row.revokedBy === null ? null : maskedAddress(actor, row.revokedBy);
  return { ...row, user: maskedPerson(actor, row.user), createdBy: maskedAddress(actor, row.createdBy), revokedBy, share: shareOf(row.rules) };
}

/** Whether the actor may grant anything to anybody, within his own rights. */
export function grantsAll(actor: Actor): boolean {
  return actor.ability ? actor.ability.canAll('grant.edit') : actor.permissions.has('grant.edit');
}

export async function listGrants(db: Db, actor: Actor, { cursor, limit, ...filter }: GrantFilter & PageRequest): Promise<Page<Grant>> {
  requirePermission(actor, 'grant.edit');
  const madeBy = grantsAll(actor) ? undefined : (actor.userId ?? undefined);
  const page = await findGrants(db, { ...filter, madeBy, workspaceId: actor.workspaceId }, { cursor, limit });
  return { ...page, items: page.items.map((row) => viewGrant(actor, row)) };
}

interface NewGrant {
  user: string;
  reason: string;
  from?: string | undefined;
  until: string | null;
  role?: Role | undefined;
  rules?: Rule[] | undefined;
  share?: Share | undefined;
}

/** @throws InvalidInput, NotFound, NotAllowed when it goes beyond the actor's own rights, Conflict when duties are to be kept apart */
export async function createGrant(db: IdentityDb, actor: Actor, given: NewGrant): Promise<Grant> {
  requirePermission(actor, 'grant.edit');
  const { workspaceId } = actor;
  const { startsAt, endsAt } = periodOf(given);
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const member = await memberByEmail(trx, workspaceId, given.user);
    const { role, rules, content, what } = await contentToGive(trx, actor, given);
    await requireWithinOwn(trx, actor, { ...content, holder: member.email, lasts: endsAt, what });
    const grant = { workspaceId, id: newId(), userId: member.id, role, rules, reason: given.reason };
    const made = { ...grant, createdBy: actor.label, createdById: actor.userId, startsAt, endsAt };
    await keepApart(trx, { workspaceId, users: [member.id] }, () => insertGrant(trx, made));
    await recordAudit(trx, actor, {
      action: 'grant.created',
      object: { type: 'grant', id: grant.id, title: member.email },
      after: { user: member.email, role, rules, reason: given.reason, from: startsAt.toISOString(), until: endsAt?.toISOString() ?? null },
    });
    return viewGrant(actor, (await findGrant(trx, grant)) as GrantRow);
  });
}

/** @throws InvalidInput */
export function periodOf({ from, until }: { from?: string | undefined; until: string | null }): { startsAt: Date; endsAt: Date | null } {
  const startsAt = from === undefined ? new Date() : new Date(from);
  const endsAt = until === null ? null : new Date(until);
  const latest = Date.now() + mostDays * 86_400_000;
  if (endsAt && endsAt.getTime() <= Date.now()) throw wrongTime('until', 'The end has passed already.', 'must be in the future');
  if (endsAt && endsAt <= startsAt) throw wrongTime('until', 'It would end before it begins.', 'must be after `from`');
  if (startsAt.getTime() > latest || (endsAt && endsAt.getTime() > latest)) throw wrongTime('until', 'That is more than five years ahead.', 'must be sooner');
  return { startsAt, endsAt };
}

function wrongTime(path: string, message: string, fault: string): InvalidInput {
  return new InvalidInput('grant.period', message, { details: { faults: [{ path, message: fault, severity: 'error' }] } });
}

/** @throws NotFound */
export async function memberByEmail(db: Db, workspaceId: string, email: string): Promise<Member> {
  const member = await findMember(db, { workspaceId, email });
  if (member) return member;
  throw new NotFound('user.unknown', `There is no member ${email} in this workspace.`, { hint: 'Invite the person first, or see the list of users.' });
}

interface Content {
  role: Role | null;
  rules: Rule[] | null;
  content: Pick<Awaited<ReturnType<typeof knownRole>>, 'rules' | 'masks'>;
  what: string;
}

async function contentToGive(trx: IdentityTransaction, actor: Actor, { role, rules, share }: NewGrant): Promise<Content> {
  if (share) {
    const known = await objectToShare(trx, actor, share);
    const own = rulesOf(share);
    return {
      role: null,
      rules: own,
      content: { rules: own.map((rule) => asItIs(rule, known)), masks: [] },
      what: `access to the ${share.type} ${share.object}`,
    };
  }
  if (!grantsAll(actor))
    throw new NotAllowed('permission.missing', 'You may share some objects, but not grant a role or rules.', {
      hint: 'Share one object (`share`), or ask an administrator.',
      details: { permission: 'grant.edit', why: actor.ability?.explain('grant.edit').reasons ?? [] },
    });
  if (rules) return { role: null, rules, content: { rules, masks: [] }, what: 'these rules' };
  const known = await knownRole(trx, actor.workspaceId, role ?? '');
  return { role: known.slug, rules: null, content: known, what: `the role ${known.title}` };
}

/** The rule as if it were about the object where and what it is now: whoever holds something on its folder holds it on the object. */
function asItIs(rule: Rule, known: Attributes): Rule {
  const present = Object.entries(known).flatMap(([attribute, value]) => (value === null ? [] : [[attribute, [value]] as [string, string[]]]));
  return { ...rule, where: { ...Object.fromEntries(present), ...rule.where } };
}

/** @throws NotFound, NotAllowed, Conflict when it is over already */
export async function revokeGrant(db: IdentityDb, actor: Actor, id: string): Promise<Grant> {
  requirePermission(actor, 'grant.edit');
  const { workspaceId } = actor;
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, workspaceId);
    const grant = await findGrant(trx, { workspaceId, id });
    if (!grant || !(await mayRevoke(trx, actor, grant))) throw new NotFound('grant.unknown', 'There is no such grant, or you may not revoke it.');
    if (grant.state === 'lapsed' || grant.state === 'revoked' || !(await endTerm(trx, 'identity.access_grant', { workspaceId, id, by: actor.label })))
      throw new Conflict('grant.over', `This grant is ${grant.state} already.`);
    const { reason, role, rules, from, until } = grant;
    const object = { type: 'grant', id, title: grant.user.email };
    await recordAudit(trx, actor, { action: 'grant.revoked', object, before: { user: grant.user.email, role, rules, reason, from, until } });
    return viewGrant(actor, (await findGrant(trx, { workspaceId, id })) as GrantRow);
  });
}

/** Who grants everything, who made it, and who may share the object that it is about. */
async function mayRevoke(db: Db, actor: Actor, grant: GrantRow): Promise<boolean> {
  if (grantsAll(actor) || (actor.userId !== null && grant.createdById === actor.userId)) return true;
  const share = shareOf(grant.rules);
  if (!share) return false;
  const found =
    share.type === 'folder'
      ? { attributes: { folder: share.object } }
      : await findObject(db, { workspaceId: actor.workspaceId, type: share.type, object: share.object });
  return found !== undefined && may(actor, 'grant.edit', found.attributes);
}

/** Read so many at a time, until enough of them have access. */
const atOnce = 200;

/** Members in the order of their e-mail addresses, suspended ones left out. @throws NotFound, NotAllowed */
export async function listObjectAccess(
  db: Db,
  actor: Actor,
  { type, object, cursor, limit }: { type: Shareable; object: string } & PageRequest,
): Promise<ObjectAccess> {
  requirePermission(actor, 'grant.edit');
  const known = await objectToShare(db, actor, { type, object });
  const items: ObjectAccess['items'] = [];
  if (cursor !== undefined && !uuidForm.test(cursor))
    throw new InvalidInput('page.cursor', 'The cursor is not one of this list.', { hint: 'Take `next` of the page before.' });
  let after = cursor;
  for (;;) {
    const members = await findMemberAccess(db, { workspaceId: actor.workspaceId, limit: atOnce, ...(after === undefined ? {} : { after }) });
    for (const member of members) {
      const seen = member.suspended ? null : accessTo(member, { type, known });
      if (seen) items.push(seen);
      if (items.length === limit) return { items: await withRevocable(db, actor, items), next: member.id };
    }
    after = members.at(-1)?.id;
    if (members.length < atOnce) return { items: await withRevocable(db, actor, items), next: null };
  }
}

function accessTo({ id, email, name, access }: MemberAccess, { type, known }: { type: Shareable; known: Attributes }) {
  const ability = new Ability(sourcesOfText(access));
  const through = ability.sources.flatMap((one, index) => {
    const held = permissionsOn(type).filter((permission) => ability.explain(permission, known).reasons[index]?.verdict === 'allows');
    const { kind, title, until, id: source } = one.source;
    if (held.length === 0 || kind === 'scope') return [];
    return [{ source: title, kind, grant: kind === 'grant' ? (source ?? null) : null, permissions: held, until }];
  });
  if (through.length === 0) return null;
  const held = permissionsOn(type).filter((permission) => through.some((one) => one.permissions.includes(permission)));
  return { user: { id, email, name }, permissions: held, through };
}

/** Keeps the id of a grant where the actor may revoke it. */
async function withRevocable(db: Db, actor: Actor, items: ObjectAccess['items']): Promise<ObjectAccess['items']> {
  const ids = items.flatMap((item) => item.through.flatMap(({ grant }) => grant ?? []));
  const revocable = new Set<string>();
  for (const grant of await findGrantsOf(db, { workspaceId: actor.workspaceId, ids })) if (await mayRevoke(db, actor, grant)) revocable.add(grant.id);
  return items.map((item) => ({
    ...item,
    user: maskedPerson(actor, item.user),
    through: item.through.map((one) => ({ ...one, grant: one.grant !== null && revocable.has(one.grant) ? one.grant : null })),
  }));
}
