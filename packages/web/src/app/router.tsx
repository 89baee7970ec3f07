// The addresses of the product. Pages come by hand-written lazy imports: automatic splitting would leave their side effects in the entry.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { NotSignedIn } from '@tidewheel/contract/errors';
import { closeLive } from '../shared/live.ts';
import { queryClient, whenSignedOut } from '../shared/query-client.ts';
import { meQuery } from '../shared/session.ts';
import { onlyWith } from './page-access.tsx';
import {
  artifactsSearch,
  auditSearch,
  changesSearch,
  flowSearch,
  flowsSearch,
  newConnectionSearch,
  runSearch,
  runsSearch,
  signInSearch,
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

/** Everything that needs somebody signed in. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: AppFrame,
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (error instanceof NotSignedIn) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
      throw error;
    });
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
const files = createRoute({
  getParentRoute: () => app,
  path: '/files',
  validateSearch: textSearch,
  component: onlyWith(
    'file.read',
    lazyRouteComponent(() => import('../features/files/pages/FilesPage.tsx'), 'FilesPage'),
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
const profile = createRoute({
  getParentRoute: () => app,
  path: '/profile',
  component: lazyRouteComponent(() => import('../features/admin/pages/ProfilePage.tsx'), 'ProfilePage'),
});

const routeTree = root.addChildren([
  signIn,
  welcome,
  forgottenPassword,
  register,
  accountLink,
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
    connection,
    files,
    users,
    user,
    mail,
    audit,
    changes,
    system,
    profile,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageCrashed,
  defaultPendingMs: 200,
  scrollRestoration: true,
});

whenSignedOut(() => {
  const here = router.state.location;
  if (/^\/(sign-in|forgotten-password|register|welcome\/.*|account-link\/.*)$/.test(here.pathname)) return;
  closeLive();
  queryClient.removeQueries();
  void router.navigate({ to: '/sign-in', search: here.href === '/' ? {} : { next: here.href } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
