// What the change log may take back of users and the rules of signing in.
import { NotFound } from '@tidewheel/contract/errors';
import type { User } from '@tidewheel/contract/routes/identity';
import type { SignInRules } from '@tidewheel/contract/routes/sign-in';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { findUsers, type IdentityDb } from './identity.store.ts';
import { revokeInvitation } from './links.service.ts';
import { findRules } from './rules.store.ts';
import { updateRules } from './sessions.service.ts';
import { renameUser, restoreUser, suspendUser } from './user-admin.service.ts';
import { setRole } from './users.service.ts';
import { removeMember } from './workspaces.service.ts';

export function userChanges(db: IdentityDb): ChangeModule {
  return {
    name: 'users',
    title: 'Users',
    sees: 'user.read',
    reverts: {
      'user.role_changed': async (actor, change) => {
        const { role } = fieldsBack({ change, present: await userOf(db, actor, change) });
        await setRole(db, actor, { id: change.object.id, role: String(role) });
      },
      'user.updated': async (actor, change) => {
        const { name } = fieldsBack({ change, present: await userOf(db, actor, change) });
        await renameUser(db, actor, { id: change.object.id, name: String(name) });
      },
      'user.suspended': async (actor, { object }) => void (await restoreUser(db, actor, object.id)),
      'user.restored': async (actor, { object }) => void (await suspendUser(db, actor, object.id)),
      'member.added': async (actor, { object, after }) => {
        await removeMember(db, actor, { slug: (after as { workspace: string }).workspace, id: object.id });
      },
      'invitation.created': async (actor, { object }) => void (await revokeInvitation(db, actor, object.id)),
    },
    shows: {
      'member.removed': 'Tokens, grants and lent rights ended with it: add the person again in the role that fits.',
      'user.deleted': 'An erased account cannot come back: invite the person again.',
      'invitation.revoked': 'A link that was withdrawn stays so: invite the person again.',
    },
  };
}

export function ruleChanges(db: IdentityDb): ChangeModule {
  return {
    name: 'sign-in-rules',
    title: 'Rules of signing in',
    sees: 'sign_in.edit',
    reverts: {
      'sign_in_rules.changed': async (actor, change) => {
        const back = fieldsBack({ change, present: await findRules(db) });
        await updateRules(db, actor, back as Partial<SignInRules>);
      },
    },
  };
}

async function userOf(db: IdentityDb, actor: Actor, { object }: LoggedChange): Promise<User> {
  const [user] = await findUsers(db, actor.workspaceId, object.id);
  if (!user) throw new NotFound('user.unknown', `"${object.title}" is no longer a member of this workspace.`);
  return user;
}
