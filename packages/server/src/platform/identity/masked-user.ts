// A user as somebody may see him: what a role masks of people is taken out. Oneself is always shown.
import type { User } from '@tidewheel/contract/routes/identity';
import type { Actor } from '../../base/actor.ts';
import { fieldState, maskedText, masksAny, type Shown } from '../../base/masked-view.ts';

const shownAs: Shown = { type: 'user', permission: 'user.read', object: {} };

export function maskedUser<U extends User>(actor: Actor, user: U): U {
  if (!masksAny(actor, 'user') || user.id === actor.userId) return user;
  const isSeen = fieldState(actor, shownAs, 'lastSeenAt') === 'plain';
  return { ...user, email: maskedText(fieldState(actor, shownAs, 'email'), user.email) ?? '', lastSeenAt: isSeen ? user.lastSeenAt : null };
}

/** In the order of what is shown of them: the order of hidden addresses would tell of them. */
export function maskedUsers(actor: Actor, users: User[]): User[] {
  const shown = users.map((user) => maskedUser(actor, user));
  return fieldState(actor, shownAs, 'email') === 'plain' ? shown : shown.toSorted((one, other) => one.name.localeCompare(other.name));
}
