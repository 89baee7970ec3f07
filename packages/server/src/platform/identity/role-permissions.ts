// What each role may do: the one table, read by the API, shown by the web.
import { installationPermissions, type Permission, permissions } from '@tidewheel/contract/route';
import type { Role } from '@tidewheel/contract/routes/identity';

const reads: Permission[] = ['flow.read', 'run.read', 'artifact.read', 'connection.read', 'credential.read', 'file.read', 'user.read', 'system.read'];

/** What only administrators hold by preset. CRED-05: credentials are theirs to manage. */
const administrative: ReadonlySet<Permission> = new Set([
  ...[...installationPermissions].filter((permission) => permission !== 'system.read'),
  'user.edit',
  'role.edit',
  'grant.edit',
  'service_account.edit',
  'credential.edit',
  'change.revert',
]);

const byRole: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(permissions),
  developer: new Set(permissions.filter((permission) => !administrative.has(permission))),
  designer: new Set([...reads, 'flow.edit', 'flow.run', 'run.cancel', 'file.edit']),
  operator: new Set([...reads, 'flow.run', 'run.cancel']),
  viewer: new Set(reads),
  executive: new Set(['run.read', 'artifact.read', 'flow.read']),
};

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return byRole[role];
}
