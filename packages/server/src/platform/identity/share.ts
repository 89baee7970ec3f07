// Sharing: a grant of some permissions on one object, as rules and back.
import type { Attributes } from '@tidewheel/contract/ability';
import { attributesOf, type Rule } from '@tidewheel/contract/access';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { type Permission, permissions } from '@tidewheel/contract/route';
import { type Shareable, shareables } from '@tidewheel/contract/routes/access';
import { type Actor, may } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import { closestName } from '../../base/text.ts';
import type { Db } from './identity.store.ts';
import { findNames, findObject } from './objects.store.ts';

export interface Share {
  type: Shareable;
  object: string;
  permissions: Permission[];
}

/** What can be given on one object of that type: also what is done with it, as the runs of a flow. */
export function permissionsOn(type: Shareable): Permission[] {
  return permissions.filter((permission) => attributesOf(permission).includes(type));
}

/** @throws InvalidInput for permissions that say nothing about such an object */
export function rulesOf({ type, object, permissions: wanted }: Share): Rule[] {
  const fitting = permissionsOn(type);
  const strange = wanted.filter((permission) => !fitting.includes(permission));
  if (strange.length > 0)
    throw new InvalidInput('grant.permissions', `${strange.join(', ')} cannot be given on one ${type}.`, {
      hint: `On a ${type} one can share ${fitting.join(', ')}.`,
      details: { faults: [{ path: 'share.permissions', message: `must be of ${fitting.join(', ')}`, severity: 'error' }] },
    });
  return [{ effect: 'allow', permissions: [...new Set(wanted)], where: { [type]: [object] } }];
}

/** Null when the rules are about more than one object. */
export function shareOf(rules: readonly Rule[] | null): Share | null {
  const [rule, ...more] = rules ?? [];
  if (!rule?.where || rule.effect === 'deny' || more.length > 0) return null;
  const entries = Object.entries(rule.where);
  const [type, values] = entries[0] ?? [];
  const [object] = values ?? [];
  const known = shareables.find((one) => one === type);
  if (entries.length !== 1 || !known || values?.length !== 1 || object === undefined || object.endsWith('*') || object === '@me') return null;
  return { type: known, object, permissions: rule.permissions };
}

/** What rules know of the object; a folder is known by its name alone. @throws NotFound also when the actor may not see it; NotAllowed */
export async function objectToShare(db: Db, actor: Actor, { type, object }: Omit<Share, 'permissions'>): Promise<Attributes> {
  const { workspaceId } = actor;
  const found = type === 'folder' ? { attributes: { folder: object } } : await findObject(db, { workspaceId, type, object });
  const names = !found && (type === 'flow' || type === 'connection') ? await findNames(db, { workspaceId, type }) : [];
  const meant = closestName(
    object,
    names.filter((name) => may(actor, type === 'flow' ? 'flow.read' : 'connection.read', { [type]: name })),
  );
  const unknown = () =>
    new NotFound(`${type}.unknown`, `There is no ${type} "${object}" in this workspace.`, {
      hint: meant === undefined ? 'Give its name, as in the list.' : `Did you mean "${meant}"?`,
    });
  if (!found) throw unknown();
  const read = type === 'folder' ? 'flow.read' : (`${type}.read` as const);
  requireOn(actor, { permission: 'grant.edit', read, object: found.attributes, unknown });
  return found.attributes;
}
