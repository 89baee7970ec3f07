// The addresses of the product. Pages come by hand-written lazy imports: automatic splitting would leave their side effects in the entry.
import { createRouter } from '@tanstack/react-router';
import { closeLive } from '../shared/live.ts';
import { queryClient, whenSignedOut } from '../shared/query-client.ts';
import { history } from '../shared/workspace-address.ts';
import { adminRoutes } from './routes/admin-routes.ts';
import { calendarRoutes } from './routes/calendar-routes.ts';
import { colorRoutes } from './routes/color-routes.ts';
import { entryRoutes } from './routes/entry-routes.ts';
import { app, root } from './routes/root.ts';
import { workRoutes } from './routes/work-routes.ts';
import { PageCrashed } from './shell/PageCrashed.tsx';
import { PageLoading } from './shell/PageLoading.tsx';

const routeTree = root.addChildren([...entryRoutes, app.addChildren([...workRoutes, ...calendarRoutes, ...colorRoutes, ...adminRoutes])]);

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
