// Pages say what they need: who lacks it sees why, not a form that the server would refuse. The server decides all the same.
import { useQuery } from '@tanstack/react-query';
import type { AsyncRouteComponent } from '@tanstack/react-router';
import type { Permission } from '@tidewheel/contract/route';
import { meQuery } from '../shared/session.ts';
import { NotAllowedPage } from './shell/NotAllowedPage.tsx';

// biome-ignore lint/complexity/noBannedTypes: a page takes no properties, and that is how the router writes it
type Page = AsyncRouteComponent<{}>;

/** The page for those who have the permission; it follows a change of role without a reload. */
export function onlyWith(permission: Permission, Page: Page): Page {
  function Guarded() {
    const me = useQuery(meQuery).data;
    if (!me) return null;
    return me.permissions.includes(permission) ? <Page /> : <NotAllowedPage permission={permission} />;
  }
  return Object.assign(Guarded, { preload: Page.preload });
}
