// What is asked with the row in hand: whoever may not even read an object is told that it does not exist.
import type { Attributes } from '@tidewheel/contract/ability';
import { NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import { type Actor, may, requirePermission } from './actor.ts';

export interface ObjectAccess {
  permission: Permission;
  /** The permission to see that the object exists. */
  read: Permission;
  object: Attributes;
  /** What is said of an object that does not exist. */
  unknown(): NotFound;
}

/** @throws NotFound as for what does not exist when the object may not be read; NotAllowed when it may be read, but that not be done to it */
export function requireOn(actor: Actor, { permission, read, object, unknown }: ObjectAccess): void {
  if (!may(actor, permission, object) && !may(actor, read, object)) throw concealed(actor, { permission, object, error: unknown() });
  requirePermission(actor, permission, object);
}

export function requireRead(actor: Actor, { read, object, unknown }: Omit<ObjectAccess, 'permission'>): void {
  requireOn(actor, { permission: read, read, object, unknown });
}

/** The refusal behind an answer: its own error, or the one that a NotFound hides. */
export function refusalIn(error: unknown): NotAllowed | undefined {
  if (error instanceof NotAllowed) return error.code === 'permission.missing' ? error : undefined;
  return error instanceof NotFound && error.cause instanceof NotAllowed ? error.cause : undefined;
}

/** Looks like any object that is not there; the refusal goes along as its cause, for the audit trail. */
function concealed(actor: Actor, { permission, object, error }: { permission: Permission; object: Attributes; error: NotFound }): NotFound {
  const { code, message, hint } = error;
  try {
    requirePermission(actor, permission, object);
  } catch (cause) {
    return new NotFound(code, message, { ...(hint === undefined ? {} : { hint }), cause });
  }
  return error;
}
