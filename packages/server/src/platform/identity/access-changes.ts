// What the change log may take back of roles, grants, delegations and the separation of duties. Each goes through its service, so that taking back is
// refused where doing it would be.
import type { Mask, Role, Rule } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import type { RoleInfo } from '@tidewheel/contract/routes/access';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { endDelegation } from './delegations.service.ts';
import { revokeGrant } from './grants.service.ts';
import type { IdentityDb } from './identity.store.ts';
import { createRole, deleteRole, showRole, updateRole } from './roles.service.ts';
import { createSeparation, removeSeparation } from './separations.service.ts';

interface LoggedRole {
  title: string;
  description: string;
  rules: Rule[];
  masks: Mask[];
}

export function accessChanges(db: IdentityDb): ChangeModule {
  const revertRole = async (actor: Actor, change: LoggedChange) => {
    const present = await showRole(db, actor, change.object.id);
    const back = fieldsBack({ change, present: contentOf(present) });
    await updateRole(db, actor, { ...contentOf(present), ...(back as Partial<LoggedRole>), slug: present.slug, revision: present.revision });
  };
  return {
    name: 'access',
    title: 'Roles and access',
    sees: 'role.read',
    reverts: {
      'role.created': async (actor, { object }) => void (await deleteRole(db, actor, object.id)),
      'role.updated': revertRole,
      'role.reset': revertRole,
      'role.deleted': async (actor, { object, before }) => void (await createRole(db, actor, { slug: object.id as Role, ...(before as LoggedRole) })),
      'grant.created': async (actor, { object }) => void (await revokeGrant(db, actor, object.id)),
      'delegation.created': async (actor, { object }) => void (await endDelegation(db, actor, object.id)),
      'separation.created': async (actor, { object }) => void (await removeSeparation(db, actor, object.id)),
      'separation.removed': async (actor, { object, before }) => {
        const { one, other } = before as { one: Permission[]; other: Permission[] };
        await createSeparation(db, actor, { title: object.title, one, other });
      },
    },
    shows: {
      'grant.revoked': 'Give it again, with an end that is still to come.',
      'delegation.ended': 'Whose rights they are lends them again.',
    },
  };
}

function contentOf({ title, description, rules, masks }: RoleInfo): LoggedRole {
  return { title, description, rules, masks };
}
