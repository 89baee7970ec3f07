// A person beside something else (a grant, a role) as somebody may see him: an address that a role masks stays masked there too.
import type { Actor } from '../../base/actor.ts';
import { fieldState, maskedText, masksAny } from '../../base/masked-view.ts';

const shownAs = { type: 'user', permission: 'user.read', object: {} } as const;

export function maskedAddress(actor: Actor, email: string): string {
  if (!masksAny(actor, 'user') || email === actor.label) return email;
  return maskedText(fieldState(actor, shownAs, 'email'), email) ?? '';
}

export function maskedPerson<P extends { id: string; email: string }>(actor: Actor, person: P): P {
  return person.id === actor.userId ? person : { ...person, email: maskedAddress(actor, person.email) };
}
