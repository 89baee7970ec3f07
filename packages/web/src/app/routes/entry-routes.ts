// Addresses that need nobody signed in.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { secondStepSearch, signInSearch, ssoFailedSearch } from '../search.ts';
import { root } from './root.ts';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/SignInPage.tsx'), 'SignInPage'),
});
const ssoFailed = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/failed',
  validateSearch: ssoFailedSearch,
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/SsoFailedPage.tsx'), 'SsoFailedPage'),
});
const ssoSecondStep = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/second-step',
  validateSearch: secondStepSearch,
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/SsoSecondStepPage.tsx'), 'SsoSecondStepPage'),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome/$token',
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/WelcomePage.tsx'), 'WelcomePage'),
});
const forgottenPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/AskMailPage.tsx'), 'ForgottenPasswordPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/AskMailPage.tsx'), 'RegisterPage'),
});
const accountLink = createRoute({
  getParentRoute: () => root,
  path: '/account-link/$token',
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/AccountLinkPage.tsx'), 'AccountLinkPage'),
});
const noWorkspace = createRoute({
  getParentRoute: () => root,
  path: '/no-workspace',
  component: lazyRouteComponent(() => import('../../features/workspaces/pages/NoWorkspacePage.tsx'), 'NoWorkspacePage'),
});

export const entryRoutes = [signIn, ssoFailed, ssoSecondStep, welcome, forgottenPassword, register, accountLink, noWorkspace] as const;
