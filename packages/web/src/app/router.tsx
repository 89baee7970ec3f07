// The addresses of the product. Pages come by hand-written lazy imports: automatic splitting would leave their side effects in the entry.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { NotAllowed, NotSignedIn } from '@tidewheel/contract/errors';
import { closeLive } from '../shared/live.ts';
import { queryClient, whenSignedOut } from '../shared/query-client.ts';
import { meQuery } from '../shared/session.ts';
import { history } from '../shared/workspace-address.ts';
import { keepWorkspace } from './keep-workspace.ts';
import { onlyWith } from './page-access.tsx';
import {
  artifactsSearch,
  auditSearch,
  changesSearch,
  credentialsSearch,
  flowSearch,
  flowsSearch,
  newConnectionSearch,
  runSearch,
  runsSearch,
  secondStepSearch,
  signInSearch,
  ssoFailedSearch,
  ssoSearch,
  textSearch,
} from './search.ts';
import { AppFrame } from './shell/AppFrame.tsx';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { PageCrashed } from './shell/PageCrashed.tsx';
import { PageLoading } from './shell/PageLoading.tsx';

const root = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: PageCrashed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../features/sign-in/pages/SignInPage.tsx'), 'SignInPage'),
});
const ssoFailed = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/failed',
  validateSearch: ssoFailedSearch,
  component: lazyRouteComponent(() => import('../features/sign-in/pages/SsoFailedPage.tsx'), 'SsoFailedPage'),
});
const ssoSecondStep = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/second-step',
  validateSearch: secondStepSearch,
  component: lazyRouteComponent(() => import('../features/sign-in/pages/SsoSecondStepPage.tsx'), 'SsoSecondStepPage'),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome/$token',
  component: lazyRouteComponent(() => import('../features/sign-in/pages/WelcomePage.tsx'), 'WelcomePage'),
});
const forgottenPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(() => import('../features/sign-in/pages/AskMailPage.tsx'), 'ForgottenPasswordPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazyRouteComponent(() => import('../features/sign-in/pages/AskMailPage.tsx'), 'RegisterPage'),
});
const accountLink = createRoute({
  getParentRoute: () => root,
  path: '/account-link/$token',
  component: lazyRouteComponent(() => import('../features/sign-in/pages/AccountLinkPage.tsx'), 'AccountLinkPage'),
});

const noWorkspace = createRoute({
  getParentRoute: () => root,
  path: '/no-workspace',
  component: lazyRouteComponent(() => import('../features/workspaces/pages/NoWorkspacePage.tsx'), 'NoWorkspacePage'),
});

/** Everything that needs somebody signed in. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: AppFrame,
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (error instanceof NotSignedIn) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
      if (error instanceof NotAllowed && error.code.startsWith('workspace.')) throw redirect({ to: '/no-workspace' });
      throw error;
    });
    await keepWorkspace(me, location.href);
    // Nothing else is allowed before it is set up.
    if (me.secondFactor === 'required' && location.pathname !== '/profile') throw redirect({ to: '/profile' });
  },
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/pages/HomePage.tsx'), 'HomePage'),
});
const flows = createRoute({
  getParentRoute: () => app,
  path: '/flows',
  validateSearch: flowsSearch,
  component: onlyWith(
    'flow.read',
    lazyRouteComponent(() => import('../features/flows/pages/FlowsPage.tsx'), 'FlowsPage'),
  ),
});
const newFlow = createRoute({
  getParentRoute: () => app,
  path: '/flows/new',
  component: onlyWith(
    'flow.edit',
    lazyRouteComponent(() => import('../features/flows/pages/NewFlowPage.tsx'), 'NewFlowPage'),
  ),
});
const flow = createRoute({
  getParentRoute: () => app,
  path: '/flows/$slug',
  validateSearch: flowSearch,
  component: onlyWith(
    'flow.read',
    lazyRouteComponent(() => import('../features/flows/pages/FlowPage.tsx'), 'FlowPage'),
  ),
});
const runs = createRoute({
  getParentRoute: () => app,
  path: '/runs',
  validateSearch: runsSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../features/runs/pages/RunsPage.tsx'), 'RunsPage'),
  ),
});
const run = createRoute({
  getParentRoute: () => app,
  path: '/runs/$id',
  validateSearch: runSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../features/runs/pages/RunPage.tsx'), 'RunPage'),
  ),
});
const artifacts = createRoute({
  getParentRoute: () => app,
  path: '/artifacts',
  validateSearch: artifactsSearch,
  component: onlyWith(
    'artifact.read',
    lazyRouteComponent(() => import('../features/artifacts/pages/ArtifactsPage.tsx'), 'ArtifactsPage'),
  ),
});
const connections = createRoute({
  getParentRoute: () => app,
  path: '/connections',
  validateSearch: textSearch,
  component: onlyWith(
    'connection.read',
    lazyRouteComponent(() => import('../features/connections/pages/ConnectionsPage.tsx'), 'ConnectionsPage'),
  ),
});
const newConnection = createRoute({
  getParentRoute: () => app,
  path: '/connections/new',
  validateSearch: newConnectionSearch,
  component: onlyWith(
    'connection.edit',
    lazyRouteComponent(() => import('../features/connections/pages/NewConnectionPage.tsx'), 'NewConnectionPage'),
  ),
});
const connection = createRoute({
  getParentRoute: () => app,
  path: '/connections/$slug',
  component: onlyWith(
    'connection.read',
    lazyRouteComponent(() => import('../features/connections/pages/ConnectionPage.tsx'), 'ConnectionPage'),
  ),
});
const credentials = createRoute({
  getParentRoute: () => app,
  path: '/credentials',
  validateSearch: credentialsSearch,
  component: onlyWith(
    'credential.read',
    lazyRouteComponent(() => import('../features/credentials/pages/CredentialsPage.tsx'), 'CredentialsPage'),
  ),
});
const newCredential = createRoute({
  getParentRoute: () => app,
  path: '/credentials/new',
  validateSearch: newConnectionSearch,
  component: onlyWith(
    'credential.edit',
    lazyRouteComponent(() => import('../features/credentials/pages/NewCredentialPage.tsx'), 'NewCredentialPage'),
  ),
});
const credential = createRoute({
  getParentRoute: () => app,
  path: '/credentials/$slug',
  component: onlyWith(
    'credential.read',
    lazyRouteComponent(() => import('../features/credentials/pages/CredentialPage.tsx'), 'CredentialPage'),
  ),
});
const vault = createRoute({
  getParentRoute: () => app,
  path: '/admin/vault',
  component: onlyWith(
    'security.edit',
    lazyRouteComponent(() => import('../features/vault/pages/VaultPage.tsx'), 'VaultPage'),
  ),
});
const files = createRoute({
  getParentRoute: () => app,
  path: '/files',
  validateSearch: textSearch,
  component: onlyWith(
    'file.read',
    lazyRouteComponent(() => import('../features/files/pages/FilesPage.tsx'), 'FilesPage'),
  ),
});
const sso = createRoute({
  getParentRoute: () => app,
  path: '/admin/sso',
  component: onlyWith(
    'sso.edit',
    lazyRouteComponent(() => import('../features/sso/pages/SsoPage.tsx'), 'SsoPage'),
  ),
});
const ssoProvider = createRoute({
  getParentRoute: () => app,
  path: '/admin/sso/$slug',
  validateSearch: ssoSearch,
  component: onlyWith(
    'sso.edit',
    lazyRouteComponent(() => import('../features/sso/pages/SsoProviderPage.tsx'), 'SsoProviderPage'),
  ),
});
const users = createRoute({
  getParentRoute: () => app,
  path: '/admin/users',
  component: onlyWith(
    'user.read',
    lazyRouteComponent(() => import('../features/admin/pages/UsersPage.tsx'), 'UsersPage'),
  ),
});
const user = createRoute({
  getParentRoute: () => app,
  path: '/admin/users/$id',
  component: onlyWith(
    'user.read',
    lazyRouteComponent(() => import('../features/admin/pages/UserPage.tsx'), 'UserPage'),
  ),
});
const system = createRoute({
  getParentRoute: () => app,
  path: '/admin/system',
  component: onlyWith(
    'system.read',
    lazyRouteComponent(() => import('../features/admin/pages/SystemPage.tsx'), 'SystemPage'),
  ),
});
const security = createRoute({
  getParentRoute: () => app,
  path: '/admin/security',
  component: onlyWith(
    'security.edit',
    lazyRouteComponent(() => import('../features/security/pages/SecurityPage.tsx'), 'SecurityPage'),
  ),
});
const mail = createRoute({
  getParentRoute: () => app,
  path: '/admin/mail',
  component: onlyWith(
    'mail.edit',
    lazyRouteComponent(() => import('../features/admin/pages/MailPage.tsx'), 'MailPage'),
  ),
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/admin/audit',
  validateSearch: auditSearch,
  component: onlyWith(
    'audit.read',
    lazyRouteComponent(() => import('../features/audit/pages/AuditPage.tsx'), 'AuditPage'),
  ),
});
const changes = createRoute({
  getParentRoute: () => app,
  path: '/admin/changes',
  validateSearch: changesSearch,
  component: onlyWith(
    'change.read',
    lazyRouteComponent(() => import('../features/audit/pages/ChangesPage.tsx'), 'ChangesPage'),
  ),
});
const roles = createRoute({
  getParentRoute: () => app,
  path: '/admin/roles',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../features/access/pages/RolesPage.tsx'), 'RolesPage'),
  ),
});
const role = createRoute({
  getParentRoute: () => app,
  path: '/admin/roles/$slug',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../features/access/pages/RolePage.tsx'), 'RolePage'),
  ),
});
const grants = createRoute({
  getParentRoute: () => app,
  path: '/admin/grants',
  component: onlyWith(
    'grant.edit',
    lazyRouteComponent(() => import('../features/access/pages/GrantsPage.tsx'), 'GrantsPage'),
  ),
});
const separation = createRoute({
  getParentRoute: () => app,
  path: '/admin/separation',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../features/access/pages/SeparationPage.tsx'), 'SeparationPage'),
  ),
});
const accessCheck = createRoute({
  getParentRoute: () => app,
  path: '/admin/access',
  component: onlyWith(
    'role.read',
    lazyRouteComponent(() => import('../features/access/pages/AccessCheckPage.tsx'), 'AccessCheckPage'),
  ),
});
const delegations = createRoute({
  getParentRoute: () => app,
  path: '/profile/delegations',
  component: lazyRouteComponent(() => import('../features/access/pages/DelegationsPage.tsx'), 'DelegationsPage'),
});
const profile = createRoute({
  getParentRoute: () => app,
  path: '/profile',
  component: lazyRouteComponent(() => import('../features/admin/pages/ProfilePage.tsx'), 'ProfilePage'),
});

const workspaces = createRoute({
  getParentRoute: () => app,
  path: '/admin/workspaces',
  component: onlyWith(
    'workspace.read',
    lazyRouteComponent(() => import('../features/workspaces/pages/WorkspacesPage.tsx'), 'WorkspacesPage'),
  ),
});
const serviceAccounts = createRoute({
  getParentRoute: () => app,
  path: '/admin/service-accounts',
  component: onlyWith(
    'service_account.read',
    lazyRouteComponent(() => import('../features/service-accounts/pages/ServiceAccountsPage.tsx'), 'ServiceAccountsPage'),
  ),
});
const serviceAccount = createRoute({
  getParentRoute: () => app,
  path: '/admin/service-accounts/$slug',
  component: onlyWith(
    'service_account.read',
    lazyRouteComponent(() => import('../features/service-accounts/pages/ServiceAccountPage.tsx'), 'ServiceAccountPage'),
  ),
});

const routeTree = root.addChildren([
  signIn,
  ssoFailed,
  ssoSecondStep,
  welcome,
  forgottenPassword,
  register,
  accountLink,
  noWorkspace,
  app.addChildren([
    home,
    flows,
    newFlow,
    flow,
    runs,
    run,
    artifacts,
    connections,
    newConnection,
    credentials,
    newCredential,
    credential,
    vault,
    connection,
    files,
    sso,
    ssoProvider,
    users,
    user,
    mail,
    security,
    audit,
    changes,
    system,
    roles,
    role,
    grants,
    separation,
    accessCheck,
    delegations,
    profile,
    workspaces,
    serviceAccounts,
    serviceAccount,
  ]),
]);

export const router = createRouter({
  routeTree,
  history,
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageCrashed,
  defaultPendingMs: 200,
  scrollRestoration: true,
});

whenSignedOut(() => {
  const here = router.state.location;
  if (/^\/(sign-in(\/.*)?|forgotten-password|register|welcome\/.*|account-link\/.*)$/.test(here.pathname)) return;
  closeLive();
  queryClient.removeQueries();
  void router.navigate({ to: '/sign-in', search: here.href === '/' ? {} : { next: here.href } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
