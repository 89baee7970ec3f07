// The color desk.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { bufferSearch, colorColumnsSearch } from '../color-search.ts';
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

export const colorRoutes = [buffer, columns];
