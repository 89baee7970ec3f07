// Who does something: the first argument of every service function.
import type { Ability, Attributes } from '@tidewheel/contract/ability';
import { nounOf, type Role } from '@tidewheel/contract/access';
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';

/** The HTTP call through which somebody acts; the audit trail keeps it. */
export interface Via {
  requestId: string;
  address: string;
}

export interface Actor {
  userId: string | null;
  /** How people see it: an e-mail, or `system`. */
  label: string;
  workspaceId: string;
  role: Role | null;
  /** Held on at least some objects. */
  permissions: ReadonlySet<Permission>;
  /** On which objects they are held. Left out: on every one (the server itself). */
  ability?: Ability;
  /** Left out: a user when there is a userId, else the system. */
  kind?: 'user' | 'service' | 'run' | 'system' | 'nobody';
  /** The role requires a second factor that is not there yet: nothing is allowed but to set it up. */
  isHeld?: true;
  /** The session by which a user calls; API tokens have none. */
  sessionId?: string;
  /** The API token or key by which the call came. */
  keyId?: string;
  /** The key has a scope or networks, or is a service account's: with it nobody makes keys or changes an account. */
  isLimited?: true;
  /**
   * Written by requirePermission: for which permission whose lent rights were needed, because the actor's own did not allow it. The audit trail
   * keeps it. Left out where nothing was lent.
   */
  lent?: Map<Permission, string[]>;
  /** Left out: inside the server, not by a call. */
  via?: Via;
  /** The change (its audit entry) that is being taken back. */
  reverts?: string;
}

export function may(actor: Actor, permission: Permission, object?: Attributes): boolean {
  if (object === undefined || !actor.ability) return actor.permissions.has(permission);
  return actor.ability.can(permission, object);
}

/**
 * Without an object: whether it is held at all. With one: on that object; always ask with the row once it is known.
 * @throws NotAllowed `permission.missing`, naming the permission, the object and each source of rules with what it says; `second_factor.required`
 */
export function requirePermission(actor: Actor, permission: Permission, object?: Attributes): void {
  if (may(actor, permission, object)) {
    noteLent(actor, permission, object);
    return;
  }
  if (actor.isHeld) throw factorDue({ permission });
  const name = object?.[nounOf(permission)] ?? object?.['flow'];
  const what = name ? `on ${nounOf(permission)} "${name}"` : 'in this workspace';
  throw new NotAllowed('permission.missing', `You need the permission ${permission} ${what}.`, {
    hint: 'Ask an administrator of the workspace for a role or a grant that gives it.',
    details: { permission, ...(object ? { object } : {}), why: actor.ability?.explain(permission, object).reasons ?? [] },
  });
}

export function factorDue(details: Record<string, unknown> = {}): NotAllowed {
  return new NotAllowed('second_factor.required', 'Your role requires a second factor.', {
    hint: 'Set it up first: under My profile, or with `tidewheel second-factor set-up`.',
    details,
  });
}

// Asked with the row in hand it replaces what was noted before the row was known.
function noteLent(actor: Actor, permission: Permission, object: Attributes | undefined): void {
  const { lent, ability } = actor;
  if (!lent || !ability) return;
  const { reasons } = ability.explain(permission, object);
  const allowing = ability.sources.filter((_, index) => reasons[index]?.verdict === 'allows').map(({ source }) => source);
  if (allowing.some(({ kind }) => kind !== 'delegation')) lent.delete(permission);
  else lent.set(permission, [...new Set(allowing.map(({ me }) => me))]);
}
