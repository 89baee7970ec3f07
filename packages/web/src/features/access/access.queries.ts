import { queryOptions } from '@tanstack/react-query';
import {
  explainAccess,
  listConnections,
  listConnectors,
  listDelegations,
  listFlows,
  listGrants,
  listRoleHolders,
  listSeparations,
  listViolations,
  showMatrix,
  showRole,
} from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import type { Grant } from '@tidewheel/contract/routes/access';
import type { ObjectOfWhy } from '../../shared/access/WhyPanel.tsx';
import { api } from '../../shared/api.ts';
import { pagedQuery } from '../../shared/paged-query.ts';

export const roleQuery = (slug: string) => queryOptions({ queryKey: ['roles', slug], queryFn: () => api.call(showRole, { params: { slug } }) });
export const holdersQuery = (slug: string) =>
  queryOptions({ queryKey: ['roles', slug, 'holders'], queryFn: () => api.call(listRoleHolders, { params: { slug } }) });
export const matrixQuery = queryOptions({ queryKey: ['roles', 'matrix'], queryFn: () => api.call(showMatrix) });
export const grantsQuery = (state: Grant['state'] | undefined) => pagedQuery(['grants', state], (cursor) => api.call(listGrants, { query: { cursor, state } }));
export const delegationsQuery = (of: 'mine' | 'all') => pagedQuery(['delegations', of], (cursor) => api.call(listDelegations, { query: { cursor, of } }));
export const separationsQuery = queryOptions({ queryKey: ['separations'], queryFn: () => api.call(listSeparations) });
export const violationsQuery = queryOptions({ queryKey: ['separations', 'violations'], queryFn: () => api.call(listViolations) });

export interface Question {
  permission: Permission;
  user?: string | undefined;
  type?: ObjectOfWhy | undefined;
  object?: string | undefined;
}
export const whyQuery = (question: Question) =>
  queryOptions({ queryKey: ['why', question], queryFn: () => api.call(explainAccess, { query: question }), retry: false });

/** Values that conditions can speak of, as suggestions: the first of each kind. */
export const suggestionsQuery = queryOptions({
  queryKey: ['access', 'suggestions'],
  queryFn: async (): Promise<Record<string, string[]>> => {
    const nothing = { items: [] };
    const [flows, connections, connectors] = await Promise.all([
      api.call(listFlows, { query: { limit: 200 } }).catch(() => nothing),
      api.call(listConnections, { query: { limit: 200 } }).catch(() => nothing),
      api.call(listConnectors).catch(() => []),
    ]);
    const folders = [...flows.items, ...connections.items].flatMap(({ folder }) => folder ?? []);
    return {
      flow: flows.items.map((flow) => flow.slug),
      folder: [...new Set(folders)].sort(),
      kind: ['pipeline', 'report', 'job', 'color'],
      connection: connections.items.map((connection) => connection.slug),
      type: connectors.map((connector) => connector.type),
      startedBy: ['@me'],
      uploadedBy: ['@me'],
      credential: [],
      file: [],
    };
  },
  staleTime: 60_000,
});
