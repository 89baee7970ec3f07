// The color desk.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import {
  bufferSearch,
  colorColumnsSearch,
  newRuleSearch,
  processingSearch,
  processingsSearch,
  rulesSearch,
  securityPageSearch,
  securitySearch,
  sessionPageSearch,
} from '../color-search.ts';
import { deskSearch } from '../desk-search.ts';
import { onlyWith } from '../page-access.tsx';
import { app } from './root.ts';

const buffer = createRoute({
  getParentRoute: () => app,
  path: '/colors/buffer',
  validateSearch: bufferSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/BufferPage.tsx'), 'BufferPage'),
  ),
});
const columns = createRoute({
  getParentRoute: () => app,
  path: '/colors/columns',
  validateSearch: colorColumnsSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/ColumnsPage.tsx'), 'ColumnsPage'),
  ),
});

const rules = createRoute({
  getParentRoute: () => app,
  path: '/colors/rules',
  validateSearch: rulesSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/RulesPage.tsx'), 'RulesPage'),
  ),
});
const newRule = createRoute({
  getParentRoute: () => app,
  path: '/colors/rules/new',
  validateSearch: newRuleSearch,
  component: onlyWith(
    'desk.edit',
    lazyRouteComponent(() => import('../../features/colors/pages/RulePage.tsx'), 'NewRulePage'),
  ),
});
const rule = createRoute({
  getParentRoute: () => app,
  path: '/colors/rules/$id',
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/RulePage.tsx'), 'RulePage'),
  ),
});

const searchRoute = createRoute({
  getParentRoute: () => app,
  path: '/colors/search',
  validateSearch: securitySearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/SecuritySearchPage.tsx'), 'SecuritySearchPage'),
  ),
});
const security = createRoute({
  getParentRoute: () => app,
  path: '/colors/securities/$security',
  validateSearch: securityPageSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/SecurityPage.tsx'), 'SecurityPage'),
  ),
});
const processings = createRoute({
  getParentRoute: () => app,
  path: '/colors/processings',
  validateSearch: processingsSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/ProcessingsPage.tsx'), 'ProcessingsPage'),
  ),
});
const processing = createRoute({
  getParentRoute: () => app,
  path: '/colors/processings/$number',
  validateSearch: processingSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/ProcessingPage.tsx'), 'ProcessingPage'),
  ),
});

const desk = createRoute({
  getParentRoute: () => app,
  path: '/colors/desk',
  validateSearch: deskSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/DeskPage.tsx'), 'DeskPage'),
  ),
});
const automation = createRoute({
  getParentRoute: () => app,
  path: '/colors/automation',
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/AutomationPage.tsx'), 'AutomationPage'),
  ),
});

const sessions = createRoute({
  getParentRoute: () => app,
  path: '/colors/sessions',
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/SessionsPage.tsx'), 'SessionsPage'),
  ),
});
const session = createRoute({
  getParentRoute: () => app,
  path: '/colors/sessions/$id',
  validateSearch: sessionPageSearch,
  component: onlyWith(
    'color.read',
    lazyRouteComponent(() => import('../../features/colors/pages/SessionPage.tsx'), 'SessionPage'),
  ),
});

export const colorRoutes = [desk, automation, buffer, columns, rules, newRule, rule, searchRoute, security, processings, processing, sessions, session];
