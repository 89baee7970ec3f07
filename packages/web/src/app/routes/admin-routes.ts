// The administration.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { onlyWith } from '../page-access.tsx';
import { auditSearch, backupsSearch, changesSearch, notificationSettingsSearch, ssoSearch } from '../search.ts';
import { app } from './root.ts';

const backups = createRoute({
  getParentRoute: () => app,
  path: '/admin/backups',
  validateSearch: backupsSearch,
  component: onlyWith(
    'backup.edit',
    lazyRouteComponent(() => import('../../features/backups/pages/BackupsPage.tsx'), 'BackupsPage'),
  ),
});
const vault = createRoute({
  getParentRoute: () => app,
  path: '/admin/vault',
  component: onlyWith(
    'security.edit',
    lazyRouteComponent(() => import('../../features/vault/pages/VaultPage.tsx'), 'VaultPage'),
  ),
});
const sso = createRoute({
  getParentRoute: () => app,
  path: '/admin/sso',
  component: onlyWith(
    'sso.edit',
    lazyRouteComponent(() => import('../../features/sso/pages/SsoPage.tsx'), 'SsoPage'),
  ),
});
const ssoProvider = createRoute({
  getParentRoute: () => app,
  path: '/admin/sso/$slug',
  validateSearch: ssoSearch,
  component: onlyWith(
    'sso.edit',
    lazyRouteComponent(() => import('../../features/sso/pages/SsoProviderPage.tsx'), 'SsoProviderPage'),
  ),
});
const users = createRoute({
  getParentRoute: () => app,
  path: '/admin/users',
  component: onlyWith(
    'user.read',
    lazyRouteComponent(() => import('../../features/admin/pages/UsersPage.tsx'), 'UsersPage'),
  ),
});
const user = createRoute({
  getParentRoute: () => app,
  path: '/admin/users/$id',
  component: onlyWith(
    'user.read',
    lazyRouteComponent(() => import('../../features/admin/pages/UserPage.tsx'), 'UserPage'),
  ),
});
const mail = createRoute({
  getParentRoute: () => app,
  path: '/admin/mail',
  component: onlyWith(
    'mail.edit',
    lazyRouteComponent(() => import('../../features/admin/pages/MailPage.tsx'), 'MailPage'),
  ),
});
const notifications = createRoute({
  getParentRoute: () => app,
  path: '/admin/notifications',
  validateSearch: notificationSettingsSearch,
  component: onlyWith(
    'channel.read',
    lazyRouteComponent(() => import('../../features/notifications/pages/NotificationSettingsPage.tsx'), 'NotificationSettingsPage'),
  ),
});
const security = createRoute({
  getParentRoute: () => app,
  path: '/admin/security',
  component: onlyWith(
    'security.edit',
    lazyRouteComponent(() => import('../../features/security/pages/SecurityPage.tsx'), 'SecurityPage'),
  ),
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/admin/audit',
  validateSearch: auditSearch,
  component: onlyWith(
    'audit.read',
    lazyRouteComponent(() => import('../../features/audit/pages/AuditPage.tsx'), 'AuditPage'),
  ),
});
const changes = createRoute({
  getParentRoute: () => app,
  path: '/admin/changes',
  validateSearch: changesSearch,
  component: onlyWith(
    'change.read',
    lazyRouteComponent(() => import('../../features/audit/pages/ChangesPage.tsx'), 'ChangesPage'),
  ),
});
const system = createRoute({
  getParentRoute: () => app,
  path: '/admin/system',
  component: onlyWith(
    'system.read',
    lazyRouteComponent(() => import('../../features/admin/pages/SystemPage.tsx'), 'SystemPage'),
  ),
});
const roles = createRoute({
  getParentRoute: () => app,
  path: '/admin/roles',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../../features/access/pages/RolesPage.tsx'), 'RolesPage'),
  ),
});
const role = createRoute({
  getParentRoute: () => app,
  path: '/admin/roles/$slug',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../../features/access/pages/RolePage.tsx'), 'RolePage'),
  ),
});
const grants = createRoute({
  getParentRoute: () => app,
  path: '/admin/grants',
  component: onlyWith(
    'grant.edit',
    lazyRouteComponent(() => import('../../features/access/pages/GrantsPage.tsx'), 'GrantsPage'),
  ),
});
const separation = createRoute({
  getParentRoute: () => app,
  path: '/admin/separation',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../../features/access/pages/SeparationPage.tsx'), 'SeparationPage'),
  ),
});
const accessCheck = createRoute({
  getParentRoute: () => app,
  path: '/admin/access',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../../features/access/pages/AccessCheckPage.tsx'), 'AccessCheckPage'),
  ),
});
const workspaces = createRoute({
  getParentRoute: () => app,
  path: '/admin/workspaces',
  component: onlyWith(
    'workspace.read',
    lazyRouteComponent(() => import('../../features/workspaces/pages/WorkspacesPage.tsx'), 'WorkspacesPage'),
  ),
});
const serviceAccounts = createRoute({
  getParentRoute: () => app,
  path: '/admin/service-accounts',
  component: onlyWith(
    'service_account.read',
    lazyRouteComponent(() => import('../../features/service-accounts/pages/ServiceAccountsPage.tsx'), 'ServiceAccountsPage'),
  ),
});
const serviceAccount = createRoute({
  getParentRoute: () => app,
  path: '/admin/service-accounts/$slug',
  component: onlyWith(
    'service_account.read',
    lazyRouteComponent(() => import('../../features/service-accounts/pages/ServiceAccountPage.tsx'), 'ServiceAccountPage'),
  ),
});

export const adminRoutes = [
  backups,
  vault,
  sso,
  ssoProvider,
  users,
  user,
  mail,
  notifications,
  security,
  audit,
  changes,
  system,
  roles,
  role,
  grants,
  separation,
  accessCheck,
  workspaces,
  serviceAccounts,
  serviceAccount,
] as const;
