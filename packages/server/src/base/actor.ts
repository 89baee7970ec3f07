// Who does something: the first argument of every service function.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Role } from '@tidewheel/contract/routes/identity';

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
  permissions: ReadonlySet<Permission>;
  /** Left out: a user when there is a userId, else the system. */
  kind?: 'user' | 'service' | 'run' | 'system' | 'nobody';
  /** Left out: inside the server, not by a call. */
  via?: Via;
}

/** @throws NotAllowed naming the permission that is missing. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new NotAllowed('permission.missing', `You need the permission ${permission} in this workspace.`, {
    hint: 'Ask an administrator of the workspace for a role that has it.',
    details: { permission },
  });
}
