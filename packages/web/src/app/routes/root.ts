// The root of all addresses, and the gate before everything that needs somebody signed in.
import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { NotAllowed, NotSignedIn } from '@tidewheel/contract/errors';
import { queryClient } from '../../shared/query-client.ts';
import { meQuery } from '../../shared/session.ts';
import { keepWorkspace } from '../keep-workspace.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { PageCrashed } from '../shell/PageCrashed.tsx';

export const root = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: PageCrashed });

/** Everything that needs somebody signed in. */
export const app = createRoute({
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
