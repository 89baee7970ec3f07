// Separation of duties: who holds together what is to be kept apart, by role, grants and delegations as one.
import type { Rule } from '@tidewheel/contract/access';
import { heldPermissions } from '@tidewheel/contract/access-cover';
import { Conflict } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Separation, Violation } from '@tidewheel/contract/routes/separations';
import { sourcesOfText } from './access.ts';
import { findMemberAccess, type MemberAccess } from './access-lock.store.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import { findSeparations } from './separations.store.ts';

/** All present ones; what is granted or lent for later counts as held. */
export async function findViolations(db: Db, { workspaceId, users }: { workspaceId: string; users?: readonly string[] }): Promise<Violation[]> {
  const separations = await findSeparations(db, workspaceId);
  if (separations.length === 0 || users?.length === 0) return [];
  const members = await findMemberAccess(db, { workspaceId, planned: true, ...(users ? { ids: users } : {}) });
  return members.flatMap((member) => violationsOf(member, separations));
}

function violationsOf({ id, email, name, role, access }: MemberAccess, separations: readonly Separation[]): Violation[] {
  const sources = sourcesOfText(access).map((source) => ({ title: source.title, held: heldPermissions(source.rules) }));
  return separations.flatMap(({ id: separation, title, one, other }): Violation[] => {
    const left = one.find((permission) => sources.some(({ held }) => held.has(permission)));
    const right = other.find((permission) => sources.some(({ held }) => held.has(permission)));
    if (left === undefined || right === undefined) return [];
    const through = sources.filter(({ held }) => held.has(left) || held.has(right)).map((source) => source.title);
    return [{ separation: { id: separation, title }, user: { id, email, name }, permissions: [left, right], through, exempt: role === 'admin' }];
  });
}

/** Does the change, and takes it back when it makes a case that there was not before. Under the lock of the workspace's access. @throws Conflict */
export async function keepApart<T>(trx: IdentityTransaction, whom: { workspaceId: string; users: readonly string[] }, change: () => Promise<T>): Promise<T> {
  const before = await findViolations(trx, whom);
  const done = await change();
  const known = new Set(before.filter(({ exempt }) => !exempt).map(keyOf));
  const made = (await findViolations(trx, whom)).find((violation) => !violation.exempt && !known.has(keyOf(violation)));
  if (made) throw refusal(made);
  return done;
}

function keyOf({ separation, user }: Violation): string {
  return `${separation.id} ${user.id}`;
}

function refusal({ separation, user, permissions: [left, right], through }: Violation): Conflict {
  return new Conflict('separation.violated', `${user.email} would hold both ${left} and ${right}, which "${separation.title}" keeps apart.`, {
    hint: `They would come from ${through.join(' and ')}. Give less, or take the other away first.`,
    details: { separation, user: user.email, permissions: [left, right], through },
  });
}

/** A role that holds both by itself can be given to nobody; `admin` holds everything and is excepted. @throws Conflict */
export async function refuseRoleAlone(
  db: Db,
  { workspaceId, role }: { workspaceId: string; role: { slug: string; title: string; rules: readonly Rule[] } },
): Promise<void> {
  if (role.slug === 'admin') return;
  const held = heldPermissions(role.rules);
  for (const { id, title, one, other } of await findSeparations(db, workspaceId)) {
    const [left, right] = [firstOf(one, held), firstOf(other, held)];
    if (left && right)
      throw new Conflict('separation.violated', `The role ${role.title} holds both ${left} and ${right}, which "${title}" keeps apart.`, {
        hint: 'Give another role, or change this one.',
        details: { separation: { id, title }, role: role.slug, permissions: [left, right] },
      });
  }
}

function firstOf(permissions: readonly Permission[], held: ReadonlySet<Permission>): Permission | undefined {
  return permissions.find((permission) => held.has(permission));
}
