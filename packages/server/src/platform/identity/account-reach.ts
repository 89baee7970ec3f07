// Whose account somebody who edits users may touch. It belongs to every workspace the person is in, and it opens whatever the person may do:
// neither an administrator of another workspace nor somebody with less rights must get in by it.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { sourcesOfText } from './access.ts';
import { type Db, findMainWorkspace, findProfile } from './identity.store.ts';
import { requireWithinOwn } from './role-assignment.ts';
import { type Account, findAccount } from './user-admin.store.ts';

/**
 * Before anything that changes the account itself: password, factors, sessions, name. Whoever is not in the workspace at all is for the
 * caller to refuse.
 * @throws NotAllowed for a person who is in another workspace too, unless the actor administers the main one; for administrators, unless the actor is one
 */
export async function requireAccountInReach(db: Db, actor: Actor, id: string): Promise<void> {
  const account = await findAccount(db, { id, workspaceId: actor.workspaceId });
  if (!account) return;
  requireNotAbove(actor, account);
  if (!account.elsewhere || (await findMainWorkspace(db)) === actor.workspaceId) return;
  throw new NotAllowed('user.elsewhere', 'This person is a member of another workspace too, so the account is not yours alone to change.', {
    hint: 'Ask an administrator of the main workspace. You can suspend or remove the person in your own.',
  });
}

/** @throws NotAllowed */
export function requireNotAbove(actor: Actor, { id, role }: Pick<Account, 'id' | 'role'>): void {
  if (role !== 'admin' || actor.role === 'admin' || id === actor.userId) return;
  throw new NotAllowed('user.administrator', 'This is an administrator: only administrators change that account.', {
    hint: 'Ask an administrator of the workspace.',
  });
}

/** Before the actor gets what signs in as that person. @throws NotAllowed when the person may do more than the actor */
export async function requireRightsOf(db: Db, actor: Actor, { id, email }: { id: string; email: string }): Promise<void> {
  const profile = await findProfile(db, { userId: id, workspaceId: actor.workspaceId });
  if (!profile || id === actor.userId) return;
  for (const { kind, rules, masks } of sourcesOfText(profile.access)) {
    // What was lent can only be taken back by its lender; it is not the account's own.
    if (kind !== 'delegation') await requireWithinOwn(db, actor, { rules, masks, holder: email, lasts: null, what: `access as ${email}` });
  }
}
