import { queryOptions } from '@tanstack/react-query';
import { createClient } from '@tidewheel/client/client';
import { listMembers, listWorkspaces } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';

export const workspacesQuery = queryOptions({ queryKey: ['workspaces'], queryFn: () => api.call(listWorkspaces) });
export const membersQuery = (slug: string) => queryOptions({ queryKey: ['members', slug], queryFn: () => api.call(listMembers, { params: { slug } }) });

/** From where the person worked last: the address names a workspace that cannot be entered. */
export const enterableQuery = queryOptions({
  queryKey: ['workspaces', 'enterable'],
  queryFn: async () => {
    const all = await createClient({ origin: window.location.origin }).call(listWorkspaces);
    return all.filter(({ role, archivedAt }) => role !== null && archivedAt === null);
  },
});
