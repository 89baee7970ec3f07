// The color desk.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { bufferSearch, colorColumnsSearch, newRuleSearch, rulesSearch } from '../color-search.ts';
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

export const colorRoutes = [buffer, columns, rules, newRule, rule];
