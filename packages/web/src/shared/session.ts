// Who is signed in, and what that person may do.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { whoAmI } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { api } from './api.ts';

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api.call(whoAmI, {}), staleTime: 60_000 });

/** The same rules as on the server, for hiding what would be refused anyway; the server decides. */
export function useCan(permission: Permission): boolean {
  const me = useQuery(meQuery);
  return me.data?.permissions.includes(permission) ?? false;
}
