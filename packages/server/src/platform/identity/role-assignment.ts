// Whoever puts a role, a grant or a delegation on somebody comes through here: the role must exist, nobody gives more than he has, and the
// separation of duties is kept.
import { type Mask, presetRoles, type Role, type Rule } from '@tidewheel/contract/access';
import { type Beyond, beyond } from '@tidewheel/contract/access-cover';
import { InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { closestName } from '../../base/text.ts';
import { contentOf, titleOf, withoutInstallation } from './access.ts';
import { findBorrowers, isMainWorkspace, lockAccess } from './access-lock.store.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import { findAllRoleSlugs, findRoleRows } from './roles.store.ts';
import { keepApart, refuseRoleAlone } from './separation-check.ts';

export interface KnownRole {
  slug: Role;
  title: string;
  rules: Rule[];
  masks: Mask[];
}

/** Preset or own role of the workspace. @throws InvalidInput naming the closest one */
export async function knownRole(db: Db, workspaceId: string, slug: Role, path = 'role'): Promise<KnownRole> {
  const rows = await findRoleRows(db, workspaceId);
  const row = rows.find((one) => one.slug === slug);
  const preset = presetRoles[slug];
  if (!row && !preset) throw unknownRole(slug, { path, known: [...Object.keys(presetRoles), ...rows.map((one) => one.slug)] });
  return { slug, title: titleOf({ slug, title: row?.title ?? null }), ...contentOf({ slug, rules: row?.rules ?? null, masks: row?.masks ?? null }) };
}

function unknownRole(slug: string, { path, known }: { path: string; known: readonly string[] }): InvalidInput {
  const meant = closestName(slug, known);
  return new InvalidInput('role.unknown', `There is no role "${slug}".`, {
    hint: meant === undefined ? `Roles are ${[...new Set(known)].join(', ')}.` : `Did you mean "${meant}"?`,
    details: { faults: [{ path, message: 'must be the name of a role', severity: 'error' }] },
  });
}

/** For rules of the whole installation: a role of that name in any workspace. @throws InvalidInput */
export async function requireRolesSomewhere(db: Db, slugs: readonly Role[], path: string): Promise<void> {
  const known = [...Object.keys(presetRoles), ...(await findAllRoleSlugs(db))];
  const strange = slugs.find((slug) => !known.includes(slug));
  if (strange !== undefined) throw unknownRole(strange, { path, known });
}

export interface Gift {
  rules: readonly Rule[];
  masks: readonly Mask[];
  /** Whom `@me` will mean; null while that is not known. */
  holder: string | null;
  /** Until when; null: for good. */
  lasts: Date | null;
  /** As the refusal names it: `the role Operator`. */
  what: string;
}

/** @throws NotAllowed `access.beyond_own` naming what the actor lacks */
export async function requireWithinOwn(db: Db, actor: Actor, { rules, masks, holder, lasts, what }: Gift): Promise<void> {
  if (!actor.ability) {
    // The server itself; nobody else is without.
    if (actor.userId === null && actor.permissions.size > 0) return;
    throw new NotAllowed('access.beyond_own', 'You cannot give any access.');
  }
  const counting = (await isMainWorkspace(db, actor.workspaceId)) ? [...rules] : withoutInstallation([...rules]);
  const held = [...actor.ability.sources, ...actor.ability.scopes].map(({ source }) => source);
  const more = beyond({ rules: counting, masks }, { held, holder, lasts });
  if (more.length === 0) return;
  throw new NotAllowed('access.beyond_own', `You cannot give ${what}: it goes beyond what you hold yourself (${listed(more)}).`, {
    hint: 'Leave that out, or ask an administrator. What was lent to you, or ends sooner, cannot be given on.',
    details: { beyond: more },
  });
}

const words: Record<Beyond['because'], string> = {
  'not held': 'not yours',
  'held on other objects': 'not on all those objects',
  masked: 'some fields are kept from you',
};
const shown = 5;

function listed(more: readonly Beyond[]): string {
  const named = [...new Map(more.map((one) => [one.permission, `${one.permission}: ${words[one.because]}`])).values()];
  return named.length > shown ? `${named.slice(0, shown).join('; ')}; and ${named.length - shown} more` : named.join('; ');
}

/**
 * For every place that names a role which somebody will have: it exists, is within the actor's own rights, and does not by itself hold what is to be
 * kept apart. Takes the lock of the workspace's access.
 * @throws InvalidInput, NotAllowed, Conflict
 */
export async function requireGivableRole(
  trx: IdentityTransaction,
  actor: Actor,
  role: Role,
  options: { holder?: string; path?: string } = {},
): Promise<KnownRole> {
  await lockAccess(trx, actor.workspaceId);
  const known = await knownRole(trx, actor.workspaceId, role, options.path);
  await requireWithinOwn(trx, actor, { ...known, holder: options.holder ?? null, lasts: null, what: `the role ${known.title}` });
  await refuseRoleAlone(trx, { workspaceId: actor.workspaceId, role: known });
  return known;
}

/** Puts a role on a member, or takes it away: `change` is undone when it would bring together what is kept apart. @throws Conflict */
export async function changingAccessOf<T>(trx: IdentityTransaction, workspaceId: string, userId: string, change: () => Promise<T>): Promise<T> {
  await lockAccess(trx, workspaceId);
  const borrowers = await findBorrowers(trx, { workspaceId, lenders: [userId] });
  return keepApart(trx, { workspaceId, users: [userId, ...borrowers] }, change);
}
