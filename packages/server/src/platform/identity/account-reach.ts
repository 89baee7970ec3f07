// A person's account belongs to every workspace the person is in: an administrator of one of them must not get into the others by it.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { type Db, findMainWorkspace } from './identity.store.ts';
import { findAccount } from './user-admin.store.ts';

/**
 * Before anything that changes the account itself: password, factors, sessions, name. Whoever is not in the workspace at all is for the
 * caller to refuse.
 * @throws NotAllowed for a person who is in another workspace too, unless the actor administers the main one
 */
export async function requireAccountInReach(db: Db, actor: Actor, id: string): Promise<void> {
  const account = await findAccount(db, { id, workspaceId: actor.workspaceId });
  if (!account?.elsewhere || (await findMainWorkspace(db)) === actor.workspaceId) return;
  throw new NotAllowed('user.elsewhere', 'This person is a member of another workspace too, so the account is not yours alone to change.', {
    hint: 'Ask an administrator of the main workspace. You can suspend or remove the person in your own.',
  });
}
